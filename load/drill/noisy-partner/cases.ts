/** What goes wrong while the offender is at work. */
export type Trouble = 'upstash-dead' | 'upstash-slow' | 'region-dead';

/** `regional`: each region counts its own share in a store of its own; `shared`: all in one store. */
export type Pool = 'regional' | 'shared';

export interface Case {
  readonly pool: Pool;
  readonly trouble?: Trouble;
}

export const CASES = {
  fine: { pool: 'regional' },
  'upstash-dead': { pool: 'regional', trouble: 'upstash-dead' },
  'upstash-slow': { pool: 'regional', trouble: 'upstash-slow' },
  'region-dead': { pool: 'regional', trouble: 'region-dead' },
  shared: { pool: 'shared' },
  'shared-upstash-dead': { pool: 'shared', trouble: 'upstash-dead' },
  'shared-upstash-slow': { pool: 'shared', trouble: 'upstash-slow' },
  'shared-region-dead': { pool: 'shared', trouble: 'region-dead' },
} as const satisfies Record<string, Case>;

export type CaseName = keyof typeof CASES;
export const CASE_NAMES = Object.keys(CASES) as CaseName[];
