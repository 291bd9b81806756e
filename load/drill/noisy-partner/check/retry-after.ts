import type { Asked, Probe } from '../asked.ts';

/** Limits are per second: nobody has to wait for longer. */
const MOST_SECONDS = 2;

/** Whole seconds of a `Retry-After`; undefined for what is none, or cannot be true. */
export function readRetryAfter(text: string | null | undefined): number | undefined {
  const seconds = /^\d+$/.test(text ?? '') ? Number(text) : Number.NaN;
  return seconds >= 1 && seconds <= MOST_SECONDS ? seconds : undefined;
}

/** What is wrong with answers of 429: without `Retry-After`, or with one that nobody can follow. */
export function checkRetryAfter(asked: readonly Pick<Asked, 'caller' | 'status' | 'retryAfter'>[]): string[] {
  const wrong = asked.filter(({ status, retryAfter }) => status === 429 && readRetryAfter(retryAfter) === undefined);
  const told = Map.groupBy(wrong, ({ caller, retryAfter }) => `${caller} with Retry-After "${retryAfter ?? 'none'}"`);
  return [...told].map(
    ([what, all]) => `${all.length} times 429 for ${what}, not whole seconds from 1 to ${MOST_SECONDS}`,
  );
}

/** What is wrong with what happened to somebody who waited as told, with nobody else on its limit. */
export function checkProbes(probes: readonly Probe[]): string[] {
  const told = Map.groupBy(probes, sentenceOf);
  return [...told].flatMap(([sentence, all]) => (sentence === undefined ? [] : [`${all.length} times ${sentence}`]));
}

function sentenceOf({ retryAfter, status }: Probe): string | undefined {
  if (retryAfter === undefined) return 'gamma was never refused, however fast it asked';
  const seconds = readRetryAfter(retryAfter);
  if (seconds === undefined) return `gamma was refused with Retry-After "${retryAfter ?? 'none'}"`;
  if (status === 200) return undefined;
  return `gamma waited ${seconds} s as told and was answered ${status}`;
}
