import { printLines } from '../print-lines.ts';
import type { ExitCode } from '../terminal.ts';
import type { PartnersContext } from './context.ts';
import type { Asked } from './forms.ts';
import { digitsOf, keyCell } from './key-cell.ts';
import { listed, outcomeLines } from './outcome-lines.ts';
import { type Everywhere, readEverywhere, silentLines } from './read-everywhere.ts';
import { isOpen, type Outcome, setEverywhere } from './set-terms.ts';

/** Ends a key wherever that can be done, as it may have leaked; 1 when that is not everywhere. */
export async function revokeKey(ctx: PartnersContext, { partner, digits }: Asked<'revoke-key'>): Promise<ExitCode> {
  const everywhere = await readEverywhere(ctx, partner);
  const digest = requireOne(everywhere, digits);
  const outcomes = await setEverywhere(ctx, everywhere, (terms) => ({
    ...terms,
    keyDigests: terms.keyDigests.filter((live) => live !== digest),
  }));
  await printLines(ctx.stdout, outcomeLines(outcomes, { title: 'keys', cell: keyCell }));
  const keyless = outcomes.filter(isKeyless).map(({ region }) => region);
  if (keyless.length > 0)
    ctx.note(`No key of ${partner} is left in ${listed(keyless)}: every call in its name is refused there.`);
  return outcomes.some(isOpen) ? 1 : 0;
}

const isKeyless = (outcome: Outcome) => !isOpen(outcome) && outcome.asked?.keyDigests.length === 0;

/** The one digest that begins so. Throws a sentence when there is none, or more. */
function requireOne({ found, silent }: Everywhere, digits: string): string {
  const live = [...new Set(found.flatMap(({ partner }) => partner.keyDigests))];
  const [digest, ...others] = live.filter((one) => one.startsWith(digits));
  if (digest !== undefined && others.length === 0) return digest;
  if (digest !== undefined)
    throw new Error(`Nothing was changed: ${1 + others.length} live keys begin with ${digits}, give more digits`);
  const said = `no live key begins with ${digits}. Live are ${live.map(digitsOf).join(', ') || 'none'}`;
  throw new Error([`Nothing was changed: ${said}`, ...silentLines(silent)].join('\n  '));
}
