import { z } from 'zod';

/** A region's name, such as `msk`: the first part of every id born in it. */
export const Region = z
  .string()
  .regex(/^[a-z]{2,8}$/)
  .meta({ example: 'msk' });

/** An insurer's or partner's id. */
export const PartyId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,31}$/)
  .meta({ example: 'volga' });

/** The products on sale. */
export const Product = z.enum(['osago', 'travel', 'property', 'life']);
export type Product = z.infer<typeof Product>;

/** A calendar date, ISO 8601, without time or zone. */
export const IsoDate = z.iso.date().meta({ example: '2026-12-01' });

/** A moment, RFC 3339 in UTC. */
export const Instant = z.iso.datetime().meta({ example: '2026-11-22T10:00:00.000Z' });

/** A calendar month of Europe/Moscow, `yyyy-mm`. */
export const Period = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
  .meta({ example: '2026-11' });

/** A decimal number as a string, so that no float touches it: `1.17`. */
export const Decimal = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,6})?$/)
  .meta({ example: '1.17' });
