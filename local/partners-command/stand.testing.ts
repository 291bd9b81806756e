import { createHash, randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import type { Partner } from '#contracts/partner.ts';
import { serve } from '#platform/lifecycle/serve.ts';
import { createTestCore } from '../../core/core.testing.ts';
import { findPartner } from '../../core/partners/find-partner.ts';
import type { RegionApi } from '../find-regions.ts';
import type { PartnersContext } from './context.ts';
import { parseCommand } from './parse-command.ts';
import { runVerb } from './run-verb.ts';

const NAMES = ['msk', 'nsk'] as const;
type Name = (typeof NAMES)[number];

/** The first key of alfa. */
export const FIRST_DIGEST = createHash('sha256').update('first').digest('hex');

/** What every region has of alfa before a test. */
const ALFA: Partner = {
  ...{ id: 'alfa', name: 'Alfa', limitPerSecond: 20, limitShares: { msk: 50, nsk: 50 } },
  ...{ commissionRateBps: 500, keyDigests: [FIRST_DIGEST] },
};

/** A region's core with a database of its own, served; where a test can make changes fail, or nothing listen. */
async function createRegion(name: Name) {
  const core = await createTestCore({ env: { REGION: name } });
  let status: number | undefined;
  const answer = (request: Request) =>
    status && request.method === 'PUT' ? new Response(null, { status }) : core.app.fetch(request);
  const listen = (port: number) => serve(answer, { host: '127.0.0.1', port, quietMs: 0 });
  let server: Awaited<ReturnType<typeof listen>> | undefined = await listen(0);
  const { port } = server;
  const api: RegionApi = { name, url: `http://127.0.0.1:${port}`, token: core.config.OPERATOR_TOKEN, defaultShare: 50 };
  return {
    api,
    set: (terms: Partial<Partner>) => core.addPartner({ ...ALFA, ...terms }),
    forget: () => core.admin`delete from core.partners`,
    terms: async () => (await findPartner(core.ctx, 'alfa')) as Partner,
    /** Each change is answered so from now on, and not made. */
    failChanges: (as: number) => {
      status = as;
    },
    async goDown() {
      await server?.[Symbol.asyncDispose]();
      server = undefined;
      await untilRefused(api.url);
    },
    /** As at the beginning, whatever a test has done. */
    async reset() {
      status = undefined;
      server ??= await listen(port);
      await core.addPartner(ALFA);
    },
    async [Symbol.asyncDispose]() {
      await server?.[Symbol.asyncDispose]();
      await core[Symbol.asyncDispose]();
    },
  };
}

/** Until no connection is left of which the client has not heard that it is closed. */
async function untilRefused(url: string): Promise<void> {
  const code = await fetch(url).catch((error: Error) => (error.cause as { code?: string }).code);
  if (code !== 'ECONNREFUSED') await untilRefused(url);
}

/** Two regions, and an operator's command on them. */
export async function createStand() {
  const [msk, nsk] = await Promise.all([createRegion('msk'), createRegion('nsk')]);
  const regions = { msk, nsk };
  /** Runs `npm run partners -- ...`; `during` is what happens in each wait, which takes no time. */
  async function run(line: string, { during, ...changes }: Partial<PartnersContext> & { during?: During } = {}) {
    const command = parseCommand(line.split(' '));
    const stdout = new PassThrough();
    const [notes, said, waits]: [string[], string[], number[]] = [[], [], []];
    const stopped = new AbortController();
    const chosen = command.region.length === 0 ? NAMES : NAMES.filter((name) => command.region.includes(name));
    const ctx: PartnersContext = {
      regions: chosen.map((name) => regions[name].api),
      known: NAMES,
      signal: stopped.signal,
      deadline: () => new AbortController().signal,
      stdout,
      note: (sentence) => void notes.push(sentence),
      startProgress(say) {
        said.push(say());
        return { [Symbol.dispose]() {} };
      },
      now: () => new Date('2026-11-22T10:00:00.000Z'),
      randomBytes,
      async wait(ms) {
        waits.push(ms);
        await during?.(() => stopped.abort(new Error('stopped by SIGINT')));
      },
      ...changes,
    };
    const code = await runVerb(ctx, command).finally(() => stdout.end());
    const lines = (await stdout.toArray()).join('').trimEnd().split('\n');
    return { code, lines, notes, said, waits };
  }
  return {
    ...regions,
    run,
    /** What both have, for what must not change. */
    terms: () => Promise.all(NAMES.map((name) => regions[name].terms())),
    reset: () => Promise.all(NAMES.map((name) => regions[name].reset())),
    async [Symbol.asyncDispose]() {
      for (const name of NAMES) await regions[name][Symbol.asyncDispose]();
    },
  };
}

type During = (stop: () => void) => unknown;

export type Stand = Awaited<ReturnType<typeof createStand>>;
