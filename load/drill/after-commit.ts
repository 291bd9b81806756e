import { closeGate } from './gates.ts';
import { findRelay } from './kill-at-random.ts';
import { countAll, eventually, findSold, freeze, requireHit, type Window } from './window.ts';

/** Core is killed with the row committed, before it could answer and before any relay could send the event. */
export const afterCommit: Window = async (ctx) => {
  const { stand, buyer } = ctx;
  const cores = [stand.member('core-1'), stand.member('core-2')];
  const intent = buyer.want({ repeats: false });
  const [sentBefore, relay] = [await countAll(ctx), await findRelay(stand)];
  await using gate = await closeGate(stand, 'policies');
  const attempt = buyer.attempt(stand.coreUrls[0] as string, intent).then(
    ({ status }) => `an answer ${status}`,
    () => undefined,
  );
  await gate.waiting();
  for (const core of cores) freeze(core);
  await gate.open();
  const id = await eventually('The commit', () => findSold(ctx, intent));
  await Promise.all(cores.map((core) => core.kill()));
  const [answer, sent] = [await attempt, await countAll(ctx)];
  requireHit(answer === undefined, `the buyer has ${answer}`);
  requireHit(sent === sentBefore, 'its event is on the topic');
  await Promise.all(cores.map((core) => core.start()));
  const repeat = await buyer.attempt(stand.coreUrls[1] as string, intent);
  requireHit(repeat.headers.get('idempotency-replayed') === 'true', 'the retry was a new sale');
  requireHit((JSON.parse(repeat.text) as { id: string }).id === id, 'the retry got another policy');
  await buyer.carryOut(intent);
  return `the row was there, the buyer had no answer, the topic no event (the relay was ${relay?.name}); the retry got the first answer`;
};
