import { expect, test } from 'vitest';
import { listDeadLetters, showDeadLetter } from './list-dead-letters.ts';
import { createStand, letterOf, refuse } from './stand.testing.ts';

test('dead letters are shown page by page to the last, under one heading', async () => {
  await using stand = await createStand(({ what }) =>
    Response.json(
      what.includes('cursor')
        ? { items: [letterOf(112, { aggregateId: null })] }
        : { items: [letterOf(17), letterOf(18)], nextCursor: '18' },
    ),
  );
  expect(await listDeadLetters(stand.ctx, { status: 'parked' })).toBe(0);
  expect((await stand.output()).trimEnd().split('\n')).toEqual([
    'id  status  parked at                 place               bytes  policy  reason         detail',
    '17  parked  2026-11-22T10:00:05.000Z  policies.v1[3] 1/4    512  msk-17  invalid-event  data.product: is not known',
    '18  parked  2026-11-22T10:00:05.000Z  policies.v1[3] 1/4    512  msk-18  invalid-event  data.product: is not known',
    '112  parked  2026-11-22T10:00:05.000Z  policies.v1[3] 1/4    512          invalid-event  data.product: is not known',
    '3 dead letters parked.',
  ]);
  expect(stand.asked.map(({ what }) => what)).toEqual([
    'GET /v1/dead-letters?limit=500&status=parked',
    'GET /v1/dead-letters?limit=500&status=parked&cursor=18',
  ]);
});

test.each([
  ['parked', 'No dead letter is parked.\n', 'GET /v1/dead-letters?limit=500&status=parked'],
  ['all', 'No dead letter is there.\n', 'GET /v1/dead-letters?limit=500&status=all'],
] as const)('no dead letters of status %s is a sentence', async (status, sentence, what) => {
  await using stand = await createStand(() => Response.json({ items: [] }));
  expect(await listDeadLetters(stand.ctx, { status })).toBe(0);
  expect(await stand.output()).toBe(sentence);
  expect(stand.asked[0]?.what).toBe(what);
});

test('one dead letter is shown with all that was done about it', async () => {
  const at = '2026-11-25T10:00:00.000Z';
  const actions = [
    { action: 'replay', by: 'anna', reason: null, at, outcome: 'refused', detail: 'data.product: is not known' },
    { action: 'dismiss', by: 'boris', reason: 'a test', at, outcome: 'dismissed', detail: null },
  ];
  await using stand = await createStand(() => Response.json({ ...letterOf(17, { status: 'dismissed' }), actions }));
  expect(await showDeadLetter(stand.ctx, { id: '17' })).toBe(0);
  expect((await stand.output()).trimEnd().split('\n')).toEqual([
    'Dead letter 17 is dismissed.',
    '  parked at  2026-11-22T10:00:05.000Z',
    '  place      policies.v1[3] 1/4',
    '  event      none that can be read',
    '  policy     msk-17',
    '  length     512 bytes',
    '  reason     invalid-event',
    '  detail     data.product: is not known',
    '',
    'at                        action   by     outcome    reason  detail',
    '2026-11-25T10:00:00.000Z  replay   anna   refused            data.product: is not known',
    '2026-11-25T10:00:00.000Z  dismiss  boris  dismissed  a test',
  ]);
  expect(stand.asked[0]?.what).toBe('GET /v1/dead-letters/17');
});

test('a dead letter nobody touched says so, and one that is not there is refused', async () => {
  await using stand = await createStand(() => Response.json({ ...letterOf(17), actions: [] }));
  await showDeadLetter(stand.ctx, { id: '17' });
  expect(await stand.output()).toContain('\nNothing was done about it yet.\n');
  await using none = await createStand(() => refuse('not-found'));
  await expect(showDeadLetter(none.ctx, { id: '17' })).rejects.toThrow('Not found');
});
