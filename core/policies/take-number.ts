import type { Sql } from 'postgres';
import { TIMELINE } from '#platform/postgres/timeline.ts';

/** The next policy number of this region. */
export type TakeNumber = () => Promise<string>;

/** Numbers that one round to the sequence buys. */
const BLOCK = 100;
/**
 * Blocks left out when the database was put back to an earlier point: numbers behind it are on policies that somebody
 * holds. Ten million policies, at the recorded peak those of eleven days.
 */
const LOST_BLOCKS = 100_000;

const TAKE = `
select (skipped + nextval('core.policy_number_blocks'))::float8 as block from core.policy_numbering
where timeline = ${TIMELINE}`;
const SKIP = `
update core.policy_numbering set timeline = ${TIMELINE}, skipped = skipped + ${LOST_BLOCKS} where timeline <> ${TIMELINE}`;

/**
 * Policy numbers such as `MSK-0000000101`: the region's name keeps regions apart, blocks of a sequence keep replicas
 * apart. Never repeated, also by a database that was put back from a backup; a restart or a refused issue leaves a gap.
 */
export function createTakeNumber(sql: Sql, region: string): TakeNumber {
  let block: Promise<number> | undefined;
  let taken = 0;
  return async () => {
    if (!block || taken === BLOCK) {
      taken = 0;
      const asked = takeBlock(sql);
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

/**
 * The first of a new life of the database skips ahead. A statement of its own: whoever waited for it must see what it
 * came to, and a block is taken by one statement, so that no new life can begin between the look and the taking.
 */
async function takeBlock(sql: Sql): Promise<number> {
  const take = async () => (await sql.unsafe<{ block: number }[]>(TAKE))[0]?.block;
  const block = await take();
  if (block !== undefined) return block;
  await sql.unsafe(SKIP);
  const next = await take();
  if (next === undefined) throw new Error('There is no row in core.policy_numbering');
  return next;
}
