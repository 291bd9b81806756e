import type { z } from 'zod';
import type { InsurerContext } from '../insurers/insurer.ts';
import { parseJson, readShape } from './read-shape.ts';
import { requestText } from './request-text.ts';

/** GET of a JSON document, read by the insurer's schema. Throws InsurerReplyError. */
export async function getJson<Schema extends z.ZodType>(
  ctx: InsurerContext,
  { url, schema }: { url: string; schema: Schema },
): Promise<z.output<Schema>> {
  const { text } = await requestText(ctx, {
    url,
    method: 'GET',
    headers: { accept: 'application/json' },
    mediaTypes: ['application/json'],
  });
  return readShape(schema, parseJson(text));
}
