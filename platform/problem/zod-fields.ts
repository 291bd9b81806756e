import type { z } from 'zod';
import type { FieldError } from '#contracts/problem.ts';

/** A zod failure as fields with messages: `holder.phone: must be in E.164 form`. */
export function fieldErrors(error: z.core.$ZodError, root = 'body'): FieldError[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ field: [...path, key].join('.'), message: 'is not a field of this request' }));
    }
    return [{ field: path.join('.') || root, message: issue.message }];
  });
}
