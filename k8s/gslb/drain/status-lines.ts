import { table } from '../../../local/print-table.ts';
import type { DrainContext } from './context.ts';

type StatusContext = Pick<DrainContext, 'gslb' | 'core' | 'probe' | 'adminState' | 'answers'>;

const TITLES = ['region', 'address', '/healthz/gslb', 'drained', 'admin_state', 'answered by'];

/** How each region does, as lines of a table; what cannot be known is `?`. */
export async function statusLines(ctx: StatusContext): Promise<string[]> {
  const { gslb, core, probe, adminState } = ctx;
  const unknown = () => '?';
  const answers = await ctx.answers().catch(() => new Map<string, readonly string[]>());
  const rows = gslb.regions.map(async (region) => [
    region.name,
    region.address,
    await probe(region).then(String, unknown),
    await core.read(region).then(({ since }) => since ?? 'no', unknown),
    await adminState.isDown(region.address).then((isDown) => (isDown ? 'DOWN' : ''), unknown),
    [...answers].flatMap(([server, addresses]) => (addresses.includes(region.address) ? [server] : [])).join(', '),
  ]);
  return table([TITLES, ...(await Promise.all(rows))], TITLES);
}
