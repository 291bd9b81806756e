import type { Partner } from '#contracts/partner.ts';
import { printLines } from '../print-lines.ts';
import { digestOf } from '../secrets.ts';
import type { ExitCode } from '../terminal.ts';
import type { PartnersContext } from './context.ts';
import { differencesOf } from './differences-of.ts';
import type { Asked } from './forms.ts';
import { digitsOf, keyCell } from './key-cell.ts';
import { newKey } from './new-key.ts';
import { listed, outcomeLines } from './outcome-lines.ts';
import { type Found, readAll } from './read-everywhere.ts';
import { isOpen, type Outcome, setEverywhere } from './set-terms.ts';

/** As many live at once (core's contract). */
const MOST_LIVE = 2;

/**
 * Makes a key and puts its digest beside the newest live one; with `digest`, that of a key which was made elsewhere. The
 * key is printed once, whether or not all regions took it: one that is live must not be known to nobody. 1 when one did not.
 */
export async function rotateKey(ctx: PartnersContext, asked: Asked<'rotate-key'>): Promise<ExitCode> {
  const { partner, 'drop-oldest': dropOldest } = asked;
  const found = await readAll(ctx, partner);
  if (asked.digest === undefined) requireAlike(found);
  const key = asked.digest === undefined ? newKey(ctx, partner) : undefined;
  const digest = asked.digest ?? digestOf(key ?? '');
  if (!dropOldest) requireRoom(found, digest);
  const outcomes = await setEverywhere(ctx, { found, silent: [] }, (terms) => withKey(terms, digest));
  const lines = outcomeLines(outcomes, { title: 'keys', cell: keyCell });
  const isAnywhere = outcomes.some(({ became }) => became !== 'refused');
  await printLines(ctx.stdout, [...lines, ...(key && isAnywhere ? keyLines(partner, key) : [])]);
  const missing = outcomes.filter(isOpen);
  if (isAnywhere && missing.length > 0) ctx.note(completionOf(missing, { partner, digest, dropOldest }));
  return missing.length > 0 ? 1 : 0;
}

/** The digest as the newest, the last; of two that are live the older goes. */
function withKey(terms: Partner, digest: string): Partner {
  if (terms.keyDigests.includes(digest)) return terms;
  return { ...terms, keyDigests: [...terms.keyDigests.slice(1 - MOST_LIVE), digest] };
}

function requireAlike(found: readonly Found[]): void {
  const differences = differencesOf(found, ['keys']);
  if (differences.length > 0)
    throw new Error(
      `Nothing was changed. ${differences.join('\n')}\nMake them alike first: revoke-key, or rotate-key with --digest`,
    );
}

function requireRoom(found: readonly Found[], digest: string): void {
  const full = found.filter(
    ({ partner: { keyDigests } }) => keyDigests.length >= MOST_LIVE && !keyDigests.includes(digest),
  );
  const [first] = full;
  if (!first) return;
  const { id, keyDigests } = first.partner;
  throw new Error(
    `Nothing was changed: ${id} has ${MOST_LIVE} live keys already in ${listed(full.map(({ region }) => region.name))}. ` +
      `--drop-oldest ends the older, ${digitsOf(keyDigests[0] ?? '')}, as revoke-key would`,
  );
}

const keyLines = (partner: string, key: string): string[] => [
  '',
  `The new key of ${partner}. It is shown this once: only its SHA-256 is kept, ${digestOf(key)}.`,
  key,
];

/** How the regions that lack it get the same key. */
function completionOf(
  missing: readonly Outcome[],
  { partner, digest, dropOldest }: { partner: string; digest: string; dropOldest: boolean },
): string {
  const regions = missing.map(({ region }) => ` --region ${region}`).join('');
  const drop = dropOldest ? ' --drop-oldest' : '';
  return (
    `The key is not known to be live in ${listed(missing.map(({ region }) => region))}. To put it there too:\n` +
    `  npm run partners -- rotate-key ${partner} --digest ${digest}${drop}${regions}`
  );
}
