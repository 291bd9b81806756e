import type { Reading } from '../parameters/reading.ts';
import { editsWithin } from './edit-distance.ts';
import { nameKey } from './name-key.ts';
import { suggest } from './suggest.ts';
import { OTHER_LOCALITIES, SUBJECTS, type Subject, WHOLE_SUBJECT } from './territory.ts';

/** What a Russian place name is written with. */
const PLACE_NAME = /^(?=.*[а-яё])[а-яё0-9 .,«»"'()№/\u2010-\u2015\u2212-]{1,100}$/iu;
const NOT_A_NAME = 'must be a name of at most 100 characters in Russian, such as "Казань"';

const SUBJECT_NAMES = [...SUBJECTS.values()].map((subject) => subject.name);

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');
const namesOf = (subject: Subject): string[] => [...subject.localities.values()].map((locality) => locality.name);

/** The subject of the federation in the table's spelling; an unknown one is refused with suggestions. */
export function readSubject(text: string): Reading<string> {
  const known = SUBJECTS.get(nameKey(text));
  if (known) return { value: known.name };
  if (!PLACE_NAME.test(text.trim().normalize('NFC'))) return { error: NOT_A_NAME };
  const near = [...subjectsListing(text), ...suggest(text, SUBJECT_NAMES)];
  const hint = near.length > 0 ? `did you mean ${quoted([...new Set(near)].slice(0, 5))}?` : 'give its full name';
  return { error: `unknown subject of the federation; ${hint}` };
}

/** Who gives a city where its subject is asked for is shown the subject. */
function subjectsListing(locality: string): string[] {
  const key = nameKey(locality);
  return [...SUBJECTS.values()].filter(({ localities }) => localities.has(key)).map((subject) => subject.name);
}

/**
 * The table's row for a locality of a subject (canonical name). One that is not listed is the subject's row for the
 * rest, unless it is so near a listed one that a slip of the pen would change the price: that is refused.
 */
export function readLocality(text: string, subjectName: string): Reading<string> {
  const subject = SUBJECTS.get(nameKey(subjectName));
  if (!subject) return { error: 'its subject is unknown' };
  const listed = subject.localities.get(nameKey(text));
  if (listed) return { value: listed.name };
  if (!PLACE_NAME.test(text.trim().normalize('NFC'))) return { error: NOT_A_NAME };
  if (subject.localities.has(WHOLE_SUBJECT)) return { value: WHOLE_SUBJECT };
  const rest = subject.localities.get(nameKey(OTHER_LOCALITIES));
  if (!rest || nameKey(text) === WHOLE_SUBJECT) return { error: unlisted(text, subject) };
  const mistaken = namesOf(subject).filter((name) => couldMean(text, name));
  if (mistaken.length === 0) return { value: rest.name };
  return { error: `ambiguous in "${subject.name}": give ${quoted(mistaken.slice(0, 5))} or "${OTHER_LOCALITIES}"` };
}

/** What no locality stands for: the only row when it covers the subject whole, as in Moscow or Moscow oblast. */
export function defaultLocality(subjectName: string): Reading<string> {
  const subject = SUBJECTS.get(nameKey(subjectName));
  const whole = subject?.localities.get(WHOLE_SUBJECT) ?? subject?.localities.get(nameKey(subjectName));
  if (whole) return { value: whole.name };
  return { error: `is required in "${subjectName}"${subject ? `: ${listing(subject)}` : ''}` };
}

function unlisted(text: string, subject: Subject): string {
  const near = suggest(text, namesOf(subject));
  const hint = near.length > 0 ? `did you mean ${quoted(near)}?` : listing(subject);
  return `not listed in the official table for "${subject.name}"; ${hint}`;
}

function listing(subject: Subject): string {
  const names = namesOf(subject);
  return names.length <= 5 ? `listed: ${quoted(names)}` : `listed, among others: ${quoted(names.slice(0, 5))}`;
}

/** One slip of the pen away, or the name with something around it: `Самра`, `г. Самара`. */
function couldMean(text: string, name: string): boolean {
  const asked = nameKey(text);
  const words = ` ${asked.replace(/[^а-я0-9-]+/g, ' ')} `;
  return words.includes(` ${nameKey(name)} `) || Number.isFinite(editsWithin(1, { from: asked, to: nameKey(name) }));
}
