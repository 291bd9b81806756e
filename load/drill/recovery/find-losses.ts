import type { Acknowledgement } from '../acknowledgements.ts';
import type { PolicyRow } from '../evidence.ts';

/** The acknowledgements of what core does not know of. */
export function findLosses<Told extends Acknowledgement>(
  told: readonly Told[],
  policies: readonly PolicyRow[],
): Told[] {
  const rows = new Map(policies.map((row) => [row.id, row]));
  return told.filter(({ operation, policy }) => {
    const row = rows.get(policy.id);
    return !row || (operation === 'cancelled' && row.status !== 'cancelled');
  });
}
