import { Partner } from '#contracts/partner.ts';
import type { RegionApi } from '../find-regions.ts';
import { open, readAnswer } from '../operator-call.ts';
import type { PartnersContext } from './context.ts';

/** A partner as a region's core has it. */
export interface Read {
  readonly partner: Partner;
  /** Its ETag: a change that names it cannot undo what somebody else has done meanwhile. */
  readonly version?: string | undefined;
}

type AskContext = Pick<PartnersContext, 'signal' | 'deadline'>;

/** Reads a partner. Throws Refusal, or a sentence when nothing answers. */
export const readPartner = (ctx: AskContext, region: RegionApi, id: string): Promise<Read> => ask(ctx, region, { id });

/** Sets a partner, if it still is what was read. Throws Refusal, or a sentence when nothing answers. */
export function putPartner(ctx: AskContext, region: RegionApi, { partner, version }: Read): Promise<Read> {
  const { id, ...terms } = partner;
  return ask(ctx, region, { id, method: 'PUT', body: terms, ifMatch: version });
}

type Question = Omit<Parameters<typeof open>[1], 'path'> & { readonly id: string };

async function ask(ctx: AskContext, region: RegionApi, { id, ...question }: Question): Promise<Read> {
  const signal = AbortSignal.any([ctx.signal, ctx.deadline()]);
  const answer = await open(region, { ...question, path: `/v1/partners/${id}`, signal });
  const partner = await readAnswer(answer, { schema: Partner, from: region.url, signal });
  return { partner, version: answer.headers.get('etag') ?? undefined };
}
