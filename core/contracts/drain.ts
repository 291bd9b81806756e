import { z } from 'zod';
import { plainText } from './plain-text.ts';
import { Instant } from './words.ts';

/** `PUT /v1/drain`. The reason is for whoever reads the log later. */
export const DrainRequest = z
  .strictObject({ drained: z.boolean(), reason: plainText({ least: 1, most: 500 }) })
  .meta({ id: 'DrainRequest' });
export type DrainRequest = z.infer<typeof DrainRequest>;

/** `GET /v1/drain`: whether the load balancer is told to stay away; since when and why, null when it is not. */
export const Drain = z
  .object({ drained: z.boolean(), since: Instant.nullable(), reason: z.string().nullable() })
  .meta({ id: 'Drain' });
export type Drain = z.infer<typeof Drain>;
