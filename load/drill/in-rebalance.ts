import { watchGroup } from './read-topic.ts';
import { sellOpenly } from './sell-openly.ts';
import { settlementMember } from './stand.ts';
import { eventually, freeze, type Window } from './window.ts';

const LOAD = { policies: 120, perSecond: 20 };

/** Readers are killed while their group shares out the partitions anew, under load: one that joins, and one that does not answer. */
export const inRebalance: Window = async (ctx) => {
  const { stand, buyer } = ctx;
  await using group = await watchGroup(stand.kafka.brokers);
  const isIn = (states: readonly string[]) => async () => {
    const state = await group.state();
    return states.includes(state) && state;
  };
  await eventually('A group at rest', isIn(['Stable']));
  const selling = sellOpenly(buyer, { ...LOAD, signal: ctx.signal });
  const silent = stand.member('settlement-2');
  // A member that does not answer holds the rebalance open until its session ends.
  freeze(silent);
  await using joining = await settlementMember(stand.plan, 'settlement-3');
  const started = joining.start();
  const state = await eventually('A rebalance', isIn(['PreparingRebalance', 'CompletingRebalance']));
  await Promise.all([joining.kill(), silent.kill()]);
  await started;
  await silent.start();
  await selling;
  return `${joining.name} and ${silent.name} were killed while the broker said ${state}, with ${LOAD.perSecond} sales a second`;
};
