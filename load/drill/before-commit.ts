import { closeGate } from './gates.ts';
import { findSold, requireHit, type Window, type WindowContext } from './window.ts';

/** Holds a sale at its commit, kills, and looks: the row must be absent, and nobody has had an answer. */
async function killBeforeCommit(ctx: WindowContext, victim: 'core-1' | 'postgres'): Promise<string> {
  const { stand, buyer } = ctx;
  const intent = buyer.want({ repeats: false });
  await using gate = await closeGate(stand, 'policies');
  const attempt = buyer.attempt(stand.coreUrls[0] as string, intent).then(
    ({ status }) => `an answer ${status}`,
    () => undefined,
  );
  const [waiter] = await gate.waiting();
  requireHit(waiter === 'core-1', `${waiter} waits and not core-1`);
  await stand.member(victim).kill();
  if (victim === 'core-1') await gate.deserted();
  await gate.open();
  await stand.member(victim).start();
  const answer = await attempt;
  requireHit(answer === undefined || victim === 'postgres', `the buyer has ${answer}`);
  requireHit(answer !== 'an answer 201', 'the buyer has an answer');
  requireHit((await findSold(ctx, intent)) === undefined, 'the row is there');
  await buyer.carryOut(intent);
  return `the row was absent, the buyer had ${answer ?? 'no answer'}; the retry made it`;
}

export const coreBeforeCommit: Window = (ctx) => killBeforeCommit(ctx, 'core-1');
export const postgresBeforeCommit: Window = (ctx) => killBeforeCommit(ctx, 'postgres');
