import type { Label } from '#contracts/quote.ts';
import { choice, type Parameter } from './parameter.ts';

/** A question with two answers; no answer is no. */
export function yesNo<Risk>(label: Label): Parameter<'yes' | 'no', Risk> {
  const values = { yes: { en: 'Yes', ru: 'Да' }, no: { en: 'No', ru: 'Нет' } };
  return choice({ label, values, example: 'no', absent: 'no' });
}
