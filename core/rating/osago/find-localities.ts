import type { Localities } from '#contracts/quote.ts';
import { nameKey } from './name-key.ts';
import { nameRank } from './name-rank.ts';
import { inForceOn, type Locality, OTHER_LOCALITIES, SUBJECTS, WHOLE_SUBJECT } from './territory.ts';

type Place = Localities['items'][number];

const MOST = 20;
/** More than any rank of a name that matches. */
const NO_MATCH = 99;

/** Places of a subject with their names folded, once; in the order that equal matches are told. */
const SUBJECT_PLACES = [...SUBJECTS.values()]
  .map(({ name, localities }) => ({
    key: nameKey(name),
    places: [...localities.values()].map((locality) => ({
      key: nameKey(locality.name),
      rows: locality.rows,
      place: { subject: name, locality: locality.name, covers: coverOf(locality) },
    })),
  }))
  .sort((a, b) => (a.key < b.key ? -1 : 1))
  .map(({ key, places }) => ({ key, places: places.sort((a, b) => (placeInOrder(a) < placeInOrder(b) ? -1 : 1)) }));

function coverOf({ name }: Locality): Place['covers'] {
  if (name === WHOLE_SUBJECT) return 'whole';
  return name === OTHER_LOCALITIES ? 'rest' : 'listed';
}

/** Sorts by name, what is not listed behind all that is. */
function placeInOrder({ key, place }: { key: string; place: Place }): string {
  return `${place.covers === 'listed' ? 0 : 1}${key}`;
}

/**
 * Up to twenty places with a coefficient in force on a date whose name or subject is like `q`, nearest first. Throws a
 * RangeError on a blank `q`, which the caller has to refuse.
 */
export function findLocalities(q: string, on: string): Place[] {
  const asked = nameKey(q);
  if (asked === '') throw new RangeError('Cannot find localities by a blank text');
  const found = SUBJECT_PLACES.flatMap((subject) => {
    const ofSubject = Math.min(nameRank(asked, subject.key), NO_MATCH);
    return subject.places
      .filter(({ rows }) => inForceOn(on, rows))
      .map(({ key, place }) => ({ place, ofSubject, ofLocality: Math.min(nameRank(asked, key), NO_MATCH) }));
  });
  return found
    .map((match) => ({ ...match, nearest: Math.min(match.ofSubject, match.ofLocality) }))
    .filter(({ nearest }) => nearest < NO_MATCH)
    .sort((a, b) => a.nearest - b.nearest || a.ofLocality - b.ofLocality)
    .slice(0, MOST)
    .map(({ place }) => place);
}
