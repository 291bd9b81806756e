import { expect, it } from 'vitest';
import type { DrillContext, Outcome } from '../drill.ts';
import type { CaseName } from './cases.ts';
import { noisyPartner } from './noisy-partner.ts';

const ctx: DrillContext = { say: () => undefined, signal: new AbortController().signal };
/** What the table says of something. */
const said = ({ lines }: Outcome, what: string) => String(lines.find(([name]) => name.includes(what))?.[1]);

// The short form of npm run drill -- noisy-partner, which judges the clock too (load/README.md).
const play = (name: CaseName) =>
  noisyPartner(ctx, { cases: [name], seconds: 4, sliceSeconds: 2, warmSeconds: 2, seed: 1, judgesLatency: false });

it('D1 R7 a partner at 250 requests/s against a limit of 20 in two regions, before and after Upstash dies: it gets 429, nobody else an error, no sale is lost', async () => {
  const outcome = await play('upstash-dead');
  expect(outcome.faults).toEqual([]);
  const [asked = 0, refused = 0] = said(outcome, 'alfa').split(', ').map(Number);
  expect(asked).toBeGreaterThan(1_500);
  expect(refused / asked).toBeGreaterThan(0.85);
});

it('D1 R7 D6 the same while a region dies by kill -9: each cut off once and served elsewhere, with a shared pool no error, a sale cut off is finished', async () => {
  const outcome = await play('shared-region-dead');
  expect(outcome.faults).toEqual([]);
  expect(Number(said(outcome, 'cut off'))).toBeGreaterThan(0);
  const [sold, booked, finished] = said(outcome, 'policies acknowledged').split('; ').map(Number);
  expect(booked).toBe(sold);
  // At least the sale that was held at its commit.
  expect(finished).toBeGreaterThan(0);
});
