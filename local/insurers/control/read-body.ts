import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { fieldErrors } from '#platform/problem/zod-fields.ts';

/** A whole number within bounds, both inclusive, whose refusal names them. */
export function integer({ min, max }: { min: number; max: number }) {
  const message = `must be an integer from ${min} to ${max}`;
  return z.int(message).min(min, message).max(max, message);
}

/** The JSON object of a request. Throws HTTPException 400, naming by `allowed` what may be sent. */
export async function readBody(c: Context, allowed: string): Promise<object> {
  const body: unknown = await c.req.json().catch(() => undefined);
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body;
  throw new HTTPException(400, { message: `The body must be a JSON object; allowed: ${allowed}` });
}

/** A body by its schema. Throws HTTPException 400, naming each wrong field and what may be sent. */
export function readFields<Schema extends z.ZodType>(
  body: object,
  { schema, allowed }: { schema: Schema; allowed: string },
): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const faults = fieldErrors(parsed.error).map(({ field, message }) => `${field} ${message}`);
  throw new HTTPException(400, { message: `${faults.join('; ')}; allowed: ${allowed}` });
}
