import * as z from 'zod';

// Schemas that the edge loads the file of, but does not use, are marked pure: a bundler leaves them out of its worker.

export const REGION = /^[a-z]{2,8}$/;
/** The same for a schema: to ask a RegExp for it would keep all that uses it in the worker's bundle. */
export const REGION_TEXT = '^[a-z]{2,8}$';
/** A region's name, such as `msk`: the first part of every id born in it. */
export const Region = /* @__PURE__ */ z
  .string()
  .regex(REGION, 'must be 2 to 8 small letters, such as msk')
  .meta({ example: 'msk' });

export const PARTY_ID = /^[a-z][a-z0-9-]{1,31}$/;
/** An insurer's or partner's id. */
export const PartyId = /* @__PURE__ */ z
  .string()
  .regex(PARTY_ID, 'must be 2 to 32 small letters, digits and dashes, a letter first, such as volga')
  .meta({ example: 'volga' });

/** The products on sale. */
export const Product = /* @__PURE__ */ z.enum(['osago', 'travel', 'property', 'life']);
export type Product = z.infer<typeof Product>;

/** A calendar date, ISO 8601, without time or zone. */
export const IsoDate = /* @__PURE__ */ z.iso.date().meta({ example: '2026-12-01' });

/** A moment, RFC 3339 in UTC. */
export const Instant = /* @__PURE__ */ z.iso.datetime().meta({ example: '2026-11-22T10:00:00.000Z' });

/** A calendar month of Europe/Moscow, `yyyy-mm`, of this century: there is a year 0000 in ISO 8601, but not in Postgres. */
export const Period = /* @__PURE__ */ z
  .string()
  .regex(/^20\d{2}-(0[1-9]|1[0-2])$/, 'must be a month of this century as yyyy-mm, such as 2026-11')
  .meta({ example: '2026-11' });

/** A decimal number as a string, so that no float touches it: `1.17`. */
export const Decimal = /* @__PURE__ */ z
  .string()
  .regex(/^\d{1,9}(\.\d{1,6})?$/)
  .meta({ example: '1.17' });
