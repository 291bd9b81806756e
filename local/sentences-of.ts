import type { Refusal } from './operator-call.ts';
import { visible } from './print-table.ts';

/** A refusal in lines: what is refused, then each error, which its sentence may end with as well. */
export function sentencesOf({ message, errors }: Refusal): string[] {
  const named = errors.map((error) => `${error.field}: ${error.message}`);
  const endings = [named.join('; '), errors.map((error) => error.message).join('; ')];
  const said = errors.length > 0 ? endings.find((ending) => message.endsWith(`: ${ending}`)) : undefined;
  const what = said === undefined ? message : message.slice(0, -said.length).trimEnd();
  return [what, ...named].map(visible);
}

/** Why it is refused, in one line; what is refused is said elsewhere. */
export const whyNot = ({ message, errors }: Refusal): string =>
  errors.length === 0 ? message : errors.map((error) => error.message).join('; ');
