import { z } from 'zod';
import type { InsurerContext } from '../insurers/insurer.ts';
import { InsurerReplyError, quoted } from './insurer-reply-error.ts';
import { parseJson, readShape } from './read-shape.ts';
import { requestText, wrongStatus } from './request-text.ts';

/** `hasNext` is of incremental delivery: true when parts of the data are still to come. */
const Reply = z.object({
  data: z.unknown().optional(),
  errors: z.array(z.object({ message: z.string() })).nullish(),
  hasNext: z.literal(false).nullish(),
});

/**
 * A GraphQL query over POST; `data` is read by the insurer's schema. Any `errors` refuse the reply, whatever its status
 * and even beside data: partial data would be a tariff with holes, and a null in it no word of the insurer. Throws
 * InsurerReplyError.
 */
export async function queryGraphql<Schema extends z.ZodType>(
  ctx: InsurerContext,
  call: { url: string; query: string; variables: Record<string, unknown>; schema: Schema },
): Promise<z.output<Schema>> {
  const { status, text } = await requestText(ctx, {
    url: call.url,
    method: 'POST',
    headers: { accept: 'application/graphql-response+json, application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ query: call.query, variables: call.variables }),
    mediaTypes: ['application/graphql-response+json', 'application/json'],
    tellingStatuses: [400],
  });
  const { data, errors } = readReply(text, status);
  const [first] = errors ?? [];
  if (first !== undefined) throw new InsurerReplyError('fault', `GraphQL error ${quoted(first.message)}`);
  if (status !== 200) throw wrongStatus(status);
  return readShape(call.schema, data);
}

/** A 400 whose body is no GraphQL reply is told by its status. */
function readReply(text: string, status: number): z.output<typeof Reply> {
  try {
    return readShape(Reply, parseJson(text));
  } catch (error) {
    throw status === 200 ? error : wrongStatus(status);
  }
}
