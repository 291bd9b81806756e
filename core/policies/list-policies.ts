import { and, desc, eq, lt } from 'drizzle-orm';
import type { Policies } from '#contracts/policy.ts';
import { InvalidRequest } from '#platform/problem/domain-error.ts';
import type { CoreContext } from '../context.ts';
import { selectPolicies, toPolicy } from './policy-row.ts';
import { policies } from './table.ts';

/** Policies of a page. */
export const MOST_ITEMS = 100;
export const DEFAULT_ITEMS = 20;

export interface ListInput {
  readonly partnerId: string;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/**
 * A page of a partner's own policies, newest first. A page goes on behind the last id of the one before, and ids begin with
 * the time: whatever is issued meanwhile moves no other policy. Throws InvalidRequest for a cursor that was not given out.
 */
export async function listPolicies(
  ctx: CoreContext,
  { partnerId, limit = DEFAULT_ITEMS, cursor }: ListInput,
): Promise<Policies> {
  const after = cursor === undefined ? undefined : lt(policies.id, idOf(cursor, ctx.region));
  const rows = await selectPolicies(ctx, and(eq(policies.partnerId, partnerId), after))
    .orderBy(desc(policies.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map((row) => toPolicy(row, ctx.region)),
    ...(last && rows.length > limit && { nextCursor: cursorOf(last.id) }),
  };
}

const UUID_V7 = /^([0-9a-f]{8})([0-9a-f]{4})(7[0-9a-f]{3})([89ab][0-9a-f]{3})([0-9a-f]{12})$/;

/** The uuid of an id, 16 bytes in base64url. */
const cursorOf = (id: string): string =>
  Buffer.from(id.slice(id.indexOf('-')).replaceAll('-', ''), 'hex').toString('base64url');

function idOf(cursor: string, region: string): string {
  const [, ...parts] = UUID_V7.exec(Buffer.from(cursor, 'base64url').toString('hex')) ?? [];
  const id = `${region}-${parts.join('-')}`;
  // Decoding is lenient: only what was given out is taken.
  if (parts.length === 0 || cursorOf(id) !== cursor) {
    throw new InvalidRequest([{ field: 'cursor', message: 'must be the nextCursor of the page before, unchanged' }]);
  }
  return id;
}
