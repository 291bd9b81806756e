import { z } from 'zod';
import { Bands, Factor } from '#contracts/tariff.ts';
import type { CollectedTariff } from '../insurer.ts';
import { codedTable } from '../reading/coded-table.ts';
import { hundredths } from '../reading/hundredths.ts';

/** Roubles with a point, as kopecks. */
export const Roubles = z
  .object({ amount: hundredths('.').pipe(z.int().positive()), currency: z.literal('RUB') })
  .transform(({ amount }) => amount);

/** A coefficient in ten-thousandths; the shortest decimal of such a quotient is exact, since it has 15 digits at most. */
const BasisPoints = z
  .int()
  .positive()
  .transform((tenThousandths) => String(tenThousandths / 10_000))
  .pipe(Factor);

/** Steps by their lowest values, the first 0; `limit` is the highest value that is insured. */
export const Steps = z
  .object({
    lowerBounds: z.tuple([z.literal(0)], z.int()),
    basisPoints: z.array(BasisPoints),
    limit: z.int(),
  })
  .refine(({ lowerBounds, basisPoints }) => lowerBounds.length === basisPoints.length, {
    path: ['basisPoints'],
    message: 'must be one for each lower bound',
  })
  .transform((steps) =>
    steps.basisPoints.map((factor, index) => ({
      upTo: (steps.lowerBounds[index + 1] ?? steps.limit + 1) - 1,
      factor,
    })),
  )
  .pipe(Bands);

/** Coefficients in a list whose entries name their value by a field of that name. */
export const listed = <Value extends string>(name: string, codes: Readonly<Record<string, Value>>) =>
  z
    .array(
      z
        .object({ [name]: z.union([z.string(), z.int(), z.boolean()]), basisPoints: BasisPoints })
        .transform((entry): [string, string] => [String(entry[name]), String(entry.basisPoints)]),
    )
    .pipe(codedTable(codes));

/** A product has one tariff or, when it is off sale, none: an empty list that says so by its count as well. */
export const oneOrNone = (node: z.ZodType<CollectedTariff>) =>
  z
    .object({ totalCount: z.int(), edges: z.array(z.object({ node })).max(1) })
    .refine(({ totalCount, edges }) => totalCount === edges.length, {
      path: ['totalCount'],
      message: 'must be the number of edges',
    })
    .transform(({ edges }) => edges.map((edge) => edge.node));
