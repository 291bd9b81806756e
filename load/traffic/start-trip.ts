import type { Trip } from './journeys/step.ts';
import type { Stream } from './plan-run.ts';

/** A journey of a stream, at its beginning. */
export function startTrip(
  { isOverLimit }: Pick<Stream, 'isOverLimit'>,
  { key, ...begun }: Pick<Trip, 'risk' | 'region' | 'id'> & { key: string | undefined },
): Trip {
  if (key === undefined) throw new Error('The caller has no key');
  return { ...begun, key, isOverLimit };
}
