import { expect, test } from 'vitest';
import { type Asked, cellOf, seenBy } from './asked.ts';
import { judgeDeletion } from './delete-each.ts';
import { judgeEviction } from './evict-all.ts';

const asked = (...statuses: number[]): Asked[] =>
  statuses.map((status, second) => ({
    what: 'quote',
    sentAt: second * 1_000,
    answeredAt: second * 1_000 + 500,
    status,
    ...(status === 0 && { error: 'read ECONNRESET' }),
  }));

test('what users saw is told: how much failed, for how long, and how it was answered', () => {
  const seen = seenBy(asked(200, 503, 201, 0, 503, 304, 429));
  expect(seen).toMatchObject({ asked: 7, failed: 5, troubleSeconds: 5.5 });
  expect(seen.answers).toEqual([
    '2 times quote: 503',
    '1 times quote: read ECONNRESET',
    '1 times quote: 304',
    '1 times quote: 429',
  ]);
  expect(cellOf(seen)).toBe('5 of 7 failed, within 5.5 s');
  expect(cellOf(seenBy(asked(200, 201)))).toBe('none of 2 failed');
});

test('D12 nobody may notice that one of two pods is deleted; the only one may be missed until it is back', () => {
  const what = 'a pod of edge deleted';
  const [noticed, unnoticed] = [asked(200, 503, 200), asked(200, 200)];
  expect(judgeDeletion({ what, replicas: 2, asked: unnoticed, after: [] })).toEqual([]);
  expect(judgeDeletion({ what, replicas: 2, asked: noticed, after: [] })[0]).toContain('1 of 3 failed');
  expect(judgeDeletion({ what, replicas: 1, asked: noticed, after: asked(200) })).toEqual([]);
  expect(judgeDeletion({ what, replicas: 1, asked: noticed, after: asked(503) })[0]).toContain(
    '1 requests failed more than 5 s after it was whole again',
  );
});

test('D12 a disruption budget refuses what it must, and keeps as many as it says', () => {
  const good = { name: 'edge', pods: 2, desiredHealthy: 1, refused: 3, leastReady: 1, seen: seenBy(asked(200)) };
  expect(judgeEviction(good)).toEqual([]);
  expect(judgeEviction({ ...good, pods: 1, refused: 0 })).toEqual([]);
  expect(judgeEviction({ ...good, refused: 0 })[0]).toContain('refused none');
  expect(judgeEviction({ ...good, leastReady: 0 })[0]).toContain('0 pods were ready, its budget asks for 1');
  expect(judgeEviction({ ...good, seen: seenBy(asked(200, 503)) })[0]).toContain('1 of 2 failed');
});
