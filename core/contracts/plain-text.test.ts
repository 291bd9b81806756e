import { expect, test } from 'vitest';
import { DismissRequest } from './dead-letter.ts';
import { DrainRequest } from './drain.ts';
import { ReplayRequest } from './outbox.ts';
import { PartnerTerms } from './partner.ts';
import { CancelRequest } from './policy.ts';
import { CloseRequest } from './register.ts';

/** Every text that somebody writes and a database keeps, in a request that is good but for it. */
const TEXTS: [string, (text: string) => { success: boolean }][] = [
  [
    'a partner’s name',
    (name) => PartnerTerms.safeParse({ name, limitPerSecond: 1, commissionRateBps: 0, keyDigests: [] }),
  ],
  ['why a region is drained', (reason) => DrainRequest.safeParse({ drained: true, reason })],
  ['why events are sent again', (reason) => ReplayRequest.safeParse({ from: 'beginning', reason })],
  ['why a policy is cancelled', (reason) => CancelRequest.safeParse({ reason })],
  ['why a register is closed', (reason) => CloseRequest.safeParse({ reason })],
  ['who closes it', (by) => CloseRequest.safeParse({ by })],
  ['why a dead letter is given up', (reason) => DismissRequest.safeParse({ reason })],
];

test.each(TEXTS)(
  '%s is text that comes back as it was: no control characters, no half of a character',
  (_what, parse) => {
    for (const good of ['Анна', '王秀英', '\u{1f468}\u200d\u{1f469}', 'two\r\n\tlines'])
      expect([good, parse(good).success]).toEqual([good, true]);
    for (const bad of ['a\0', '\ud800', 'a\udc00b', '\u0007x', '\u009fx', '', ' '])
      expect([bad, parse(bad).success]).toEqual([bad, false]);
  },
);
