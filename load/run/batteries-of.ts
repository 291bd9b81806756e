import type { Stream } from '../traffic/plan-run.ts';
import type { Place } from '../traffic/read-target.ts';
import type { Battery } from './fire.ts';

/** A second has so many moments at which connections send. */
const MOMENTS = 20;

/**
 * A stream spread over the second and over the places: autocannon sends what a second asks for at its beginning, so each
 * battery begins a little after the one before.
 */
export function batteriesOf(stream: Stream, places: readonly Place[]): (Battery & { readonly startMs: number })[] {
  const moments = Math.min(MOMENTS, stream.perSecond);
  return Array.from({ length: moments }, (_, moment) => ({
    stream,
    place: places[moment % places.length] as Place,
    connections: Math.floor(stream.perSecond / moments) + (moment < stream.perSecond % moments ? 1 : 0),
    startMs: (stream.startSeconds + moment / moments) * 1_000,
  }));
}
