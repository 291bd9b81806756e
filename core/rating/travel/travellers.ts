import type { Parameter } from '../parameters/parameter.ts';
import type { Reading } from '../parameters/reading.ts';
import { UNITS } from '../parameters/units.ts';

const MOST = 20;
const ALLOWED = `1 to ${MOST} ages in full years by comma, each from 0 to 99, such as 35,34,7`;

/** Ascending, so that their order never matters; two of one age stay two. */
function readAges(text: string): Reading<number[]> {
  const texts = text.split(',', MOST + 1);
  if (texts.length > MOST) return { error: `has too many ages; must be ${ALLOWED}` };
  const wrong = texts.findIndex((age) => !/^(0|[1-9]\d?)$/.test(age));
  if (wrong !== -1) return { error: `age ${wrong + 1} is wrong; must be ${ALLOWED}` };
  return { value: texts.map(Number).sort((a, b) => a - b) };
}

/** The ages of those who travel. */
export const TRAVELLERS: Parameter<number[], unknown> = {
  label: { en: 'Ages of the travellers', ru: 'Возраст путешественников' },
  type: 'list',
  unit: UNITS.years,
  allowed: ALLOWED,
  example: () => '35,34,7',
  read: readAges,
};
