import { z } from 'zod';
import { InsurerReplyError } from './insurer-reply-error.ts';

/** The value as the insurer's own schema reads it, or a refusal that names the first wrong field and what it must be. */
export function readShape<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [first] = result.error.issues;
  const field = z.core.toDotPath(first?.path ?? []) || 'the body';
  const more = result.error.issues.length > 1 ? ` (and ${result.error.issues.length - 1} more)` : '';
  throw new InsurerReplyError('schema', `${field}: ${first?.message ?? 'wrong'}${more}`);
}

/** JSON to a value. The parser's own message is dropped: it quotes the body. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InsurerReplyError('malformed', 'the body is not JSON');
  }
}
