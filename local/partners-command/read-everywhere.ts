import type { RegionApi } from '../find-regions.ts';
import { visible } from '../print-table.ts';
import { type Read, readPartner } from './ask-core.ts';
import type { PartnersContext } from './context.ts';

/** What a region has of a partner. */
export interface Found extends Read {
  readonly region: RegionApi;
}

/** A region that cannot say, and why. */
export interface Silent {
  readonly region: RegionApi;
  readonly why: string;
}

export interface Everywhere {
  readonly found: readonly Found[];
  readonly silent: readonly Silent[];
}

/** Reads a partner in every region. Throws a sentence of each region when none of them has it. */
export async function readEverywhere(ctx: PartnersContext, id: string): Promise<Everywhere> {
  const found: Found[] = [];
  const silent: Silent[] = [];
  const asked = ctx.regions.map(async (region) => ({ region, ...(await readPartner(ctx, region, id)) }));
  for (const [place, outcome] of (await Promise.allSettled(asked)).entries()) {
    const region = ctx.regions[place] as RegionApi;
    if (outcome.status === 'fulfilled') found.push(outcome.value);
    else silent.push({ region, why: visible((outcome.reason as Error).message) });
  }
  ctx.signal.throwIfAborted();
  if (found.length === 0) throw new Error(silentLines(silent).join('\n'));
  return { found, silent };
}

/** What every region has of a partner. Throws a sentence when one cannot say: then nothing may be changed anywhere. */
export async function readAll(ctx: PartnersContext, id: string): Promise<readonly Found[]> {
  const { found, silent } = await readEverywhere(ctx, id);
  if (silent.length === 0) return found;
  const said = silentLines(silent).map((line) => `\n  ${line}`);
  throw new Error(
    `Nothing was changed, because not every region can say:${said.join('')}\n--region names those to act on`,
  );
}

export const silentLines = (silent: readonly Silent[]): string[] =>
  silent.map(({ region, why }) => `${region.name}: ${why}`);
