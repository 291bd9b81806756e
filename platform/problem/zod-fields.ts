import type { z } from 'zod';
import type { FieldError } from '#contracts/problem.ts';

/** A zod failure as fields, each once, with what is amiss: `holder.phone: must be in E.164 form`. */
export function fieldErrors(error: z.core.$ZodError, root = 'body'): FieldError[] {
  const byField = Map.groupBy(
    error.issues.flatMap((issue) => errorsOf(issue, root)),
    ({ field }) => field,
  );
  return Array.from(byField, ([field, errors]) => ({
    field,
    message: errors.map(({ message }) => message).join('; '),
  }));
}

function errorsOf(issue: z.core.$ZodIssue, root: string): FieldError[] {
  const path = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') return [{ field: path.join('.') || root, message: messageOf(issue) }];
  return issue.keys.map((key) => ({ field: [...path, key].join('.'), message: 'is not a field of this request' }));
}

/** What is counted where it is not the value itself. */
const COUNTED: Readonly<Record<string, string>> = { string: 'characters', array: 'elements', set: 'elements' };

interface Bound {
  readonly from: number | bigint;
  readonly words: readonly [inclusive: string, exclusive: string];
}

function boundOf(
  { origin, inclusive }: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig,
  { from, words: [atBound, beyond] }: Bound,
): string {
  const bound = `${inclusive ? atBound : beyond} ${from}`;
  const counted = COUNTED[origin];
  if (!counted) return `must be ${bound}`;
  return `must have ${bound} ${Number(from) === 1 ? counted.slice(0, -1) : counted}`;
}

const FORMATS: Readonly<Record<string, string>> = {
  date: 'must be a date as in ISO 8601, such as 2026-12-01',
  datetime: 'must be a moment in UTC as in RFC 3339, such as 2026-12-01T10:00:00Z',
  email: 'must be an e-mail address',
};

/** What zod says of what has no message of its own. */
const ZODS_OWN = /^(Invalid|Too small|Too big)\b/;

/** A schema's own message where it has one; else what is allowed, in words. */
function messageOf(issue: z.core.$ZodIssue): string {
  if (!ZODS_OWN.test(issue.message)) return issue.message;
  if (issue.code === 'too_small') return boundOf(issue, { from: issue.minimum, words: ['at least', 'more than'] });
  if (issue.code === 'too_big') return boundOf(issue, { from: issue.maximum, words: ['at most', 'less than'] });
  if (issue.code === 'invalid_value')
    return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
  if (issue.code === 'invalid_format') return FORMATS[issue.format] ?? issue.message;
  if (issue.code === 'invalid_key') return `its name ${issue.issues[0]?.message ?? 'is wrong'}`;
  if (issue.code !== 'invalid_type') return issue.message;
  return issue.message.endsWith('received undefined') ? 'is required' : `must be of type ${issue.expected}`;
}
