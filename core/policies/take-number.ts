import type { Sql } from 'postgres';

/** The next policy number of this region. */
export type TakeNumber = () => Promise<string>;

/** Numbers that one round to the sequence buys. */
const BLOCK = 100;

/**
 * Policy numbers such as `MSK-0000000101`: the region's name keeps regions apart, blocks of a sequence keep replicas
 * apart. Never repeated; a restart or a refused issue leaves a gap.
 */
export function createTakeNumber(sql: Sql, region: string): TakeNumber {
  let block: Promise<number> | undefined;
  let taken = 0;
  const nextBlock = async () => {
    const [row] = await sql`select nextval('core.policy_number_blocks')::float8 as block`;
    return Number(row?.['block']);
  };
  return async () => {
    if (!block || taken === BLOCK) {
      taken = 0;
      const asked = nextBlock();
      block = asked;
      asked.catch(() => {
        if (block === asked) block = undefined;
      });
    }
    const offset = taken;
    taken += 1;
    return `${region.toUpperCase()}-${String((await block) * BLOCK + offset).padStart(10, '0')}`;
  };
}
