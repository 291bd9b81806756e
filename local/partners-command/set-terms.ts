import { isDeepStrictEqual } from 'node:util';
import type { Partner } from '#contracts/partner.ts';
import { Refusal } from '../operator-call.ts';
import { whyNot } from '../sentences-of.ts';
import { putPartner } from './ask-core.ts';
import type { PartnersContext } from './context.ts';
import type { Everywhere, Found } from './read-everywhere.ts';

/** What became of a region. */
export interface Outcome {
  readonly region: string;
  /** `unknown`: it was asked, and may have done it or not. */
  readonly became: 'set' | 'unchanged' | 'refused' | 'unknown';
  readonly why?: string;
  readonly before?: Partner;
  readonly asked?: Partner;
}

/** Sets terms in each region that was found, all at once; those that are silent are refused. Never throws. */
export async function setEverywhere(
  ctx: PartnersContext,
  { found, silent }: Everywhere,
  change: (terms: Partner) => Partner,
): Promise<Outcome[]> {
  const refused = silent.map(({ region, why }) => ({ region: region.name, became: 'refused', why }) as const);
  return [...(await Promise.all(found.map((one) => setTerms(ctx, one, change(one.partner))))), ...refused];
}

async function setTerms(ctx: PartnersContext, { region, partner, version }: Found, asked: Partner): Promise<Outcome> {
  const outcome = { region: region.name, before: partner, asked };
  if (isDeepStrictEqual(partner, asked)) return { ...outcome, became: 'unchanged' };
  try {
    await putPartner(ctx, region, { partner: asked, version });
    return { ...outcome, became: 'set' };
  } catch (error) {
    return { ...outcome, ...failureOf(error as Error) };
  }
}

/** No connection was made. */
const UNREACHED = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT']);

/** Who refused has done nothing, and neither has who could not be reached; of anything else that is not known. */
function failureOf(error: Error): Pick<Outcome, 'became' | 'why'> {
  if (error instanceof Refusal && error.status === 412)
    return { became: 'refused', why: 'somebody else changed it meanwhile: look at it, and try again' };
  if (error instanceof Refusal && error.status < 500) return { became: 'refused', why: whyNot(error) };
  const { code = '' } = (error.cause ?? {}) as { code?: string };
  return { became: UNREACHED.has(code) ? 'refused' : 'unknown', why: error.message };
}

/** Whether it is not there as asked, or not known to be. */
export const isOpen = ({ became }: Outcome): boolean => became === 'refused' || became === 'unknown';
