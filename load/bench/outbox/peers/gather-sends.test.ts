import { expect, test } from 'vitest';
import type { EventTransport, OutgoingMessage } from '#platform/events/transport.ts';
import { gatherSends } from './gather-sends.ts';

const message = (key: string): OutgoingMessage => ({ partition: 0, key, value: '{}' });

/** Of the event loop: whatever is going to be sent has been. */
const turns = async () => {
  await new Promise(setImmediate);
  await new Promise(setImmediate);
};

test('gatherSends sends what came meanwhile together, one send at a time', async () => {
  const sends: string[] = [];
  const first = Promise.withResolvers<void>();
  const publish: EventTransport['publish'] = async (_topic, messages) => {
    sends.push(messages.map(({ key }) => key).join(''));
    if (sends.length === 1) await first.promise;
  };
  const send = gatherSends(publish);
  const early = [send(message('a')), send(message('b'))];
  await turns();
  const late = [send(message('c')), send(message('d'))];
  await turns();
  expect(sends).toEqual(['ab']);
  first.resolve();
  await Promise.all([...early, ...late]);
  expect(sends).toEqual(['ab', 'cd']);
});

test('gatherSends tells each of a failed send, and goes on', async () => {
  let failing = true;
  const send = gatherSends(async () => {
    if (failing) throw new Error('no broker');
  });
  const outcomes = await Promise.allSettled([send(message('a')), send(message('b'))]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  failing = false;
  await expect(send(message('c'))).resolves.toBeUndefined();
});
