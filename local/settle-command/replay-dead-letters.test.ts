import { expect, test } from 'vitest';
import { dismissDeadLetter, replayAllDeadLetters, replayDeadLetter } from './replay-dead-letters.ts';
import { createStand, letterOf, refuse } from './stand.testing.ts';

const REFUSED = { outcome: 'refused', reason: 'invalid-event', detail: 'still unheard of' };
const ALL = { all: true, by: 'anna' } as const;

/** Dead letters that are parked, and what a replay of each is answered with. */
const withParked = (answers: Readonly<Record<string, () => Response>>) =>
  createStand(({ what }) => {
    const id = /\/(\d+)\/replay$/.exec(what)?.[1];
    if (id === undefined) return Response.json({ items: Object.keys(answers).map((one) => letterOf(Number(one))) });
    return answers[id]?.() ?? refuse('not-found');
  });
const answered = (id: string, said: object, behind: object[] = []) => Response.json({ id, ...said, behind });

test('a replay says what became of the letter and of those behind it', async () => {
  const behind = [{ id: '18', outcome: 'duplicate' }];
  await using stand = await createStand(() => answered('17', { outcome: 'booked' }, behind));
  expect(await replayDeadLetter(stand.ctx, { id: '17', by: 'anna' })).toBe(0);
  expect((await stand.output()).trimEnd().split('\n')).toEqual([
    'id  outcome        reason  detail',
    '17  booked',
    '18  known already',
    '1 booked, 1 known already.',
  ]);
  const [asked] = stand.asked;
  expect([asked?.what, asked?.body]).toEqual(['POST /v1/dead-letters/17/replay', { by: 'anna' }]);
});

test('a replay that is refused again says why, and is 1', async () => {
  await using stand = await createStand(() => answered('17', REFUSED));
  expect(await replayDeadLetter(stand.ctx, { id: '17', reason: 'fixed' })).toBe(1);
  expect((await stand.output()).trimEnd().split('\n').slice(1)).toEqual([
    '17  refused again  invalid-event  still unheard of',
    '1 refused again.',
  ]);
  expect(stand.asked[0]?.body).toEqual({ reason: 'fixed' });
});

test('replay --all sends each parked letter once, oldest first, and none that was taken behind another', async () => {
  await using stand = await withParked({
    17: () => answered('17', { outcome: 'booked' }, [{ id: '19', outcome: 'booked' }]),
    18: () => answered('18', REFUSED),
    19: () => refuse('not-found'),
    20: () => answered('20', { outcome: 'duplicate' }),
  });
  expect(await replayAllDeadLetters(stand.ctx, ALL)).toBe(1);
  expect(stand.asked.map(({ what }) => what)).toEqual([
    'GET /v1/dead-letters?limit=500&status=parked',
    ...['17', '18', '20'].map((id) => `POST /v1/dead-letters/${id}/replay`),
  ]);
  expect(stand.asked[1]?.body).toEqual({ by: 'anna' });
  expect((await stand.output()).trimEnd().split('\n')).toEqual([
    'id  outcome        reason         detail',
    '18  refused again  invalid-event  still unheard of',
    '2 booked, 1 known already, 1 refused again.',
  ]);
  expect(stand.progress.map((say) => say())).toEqual(['replayed 4 of 4 ...']);
});

test('replay --all goes on past a letter that somebody else took, and is 1', async () => {
  await using stand = await withParked({
    17: () => refuse('not-found'),
    18: () => answered('18', { outcome: 'booked' }),
  });
  expect(await replayAllDeadLetters(stand.ctx, ALL)).toBe(1);
  expect((await stand.output()).trimEnd().split('\n').slice(1)).toEqual([
    '17  not replayed          Not found',
    '1 booked, 1 not replayed.',
  ]);
});

test('replay --all says what it did before something broke', async () => {
  await using stand = await withParked({
    17: () => answered('17', { outcome: 'booked' }),
    18: () => refuse('core-unavailable'),
    19: () => answered('19', { outcome: 'booked' }),
  });
  await expect(replayAllDeadLetters(stand.ctx, ALL)).rejects.toThrow('The region cannot answer now');
  expect(await stand.output()).toBe('1 booked.\n');
  expect(stand.asked).toHaveLength(3);
});

test('replay --all of nothing is a sentence', async () => {
  await using stand = await withParked({});
  expect(await replayAllDeadLetters(stand.ctx, ALL)).toBe(0);
  expect(await stand.output()).toBe('No dead letter is parked.\n');
});

test('a dismissal is sent with its reason and who decided', async () => {
  await using stand = await createStand(() => Response.json({ id: '17', status: 'dismissed' }));
  expect(await dismissDeadLetter(stand.ctx, { id: '17', reason: 'a test', by: 'anna' })).toBe(0);
  expect(await stand.output()).toBe('Dead letter 17 is dismissed: it will not be booked.\n');
  const [asked] = stand.asked;
  expect([asked?.what, asked?.body]).toEqual(['POST /v1/dead-letters/17/dismiss', { by: 'anna', reason: 'a test' }]);
});
