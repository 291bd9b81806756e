import { describe, expect, it } from 'vitest';
import { PARTNER_KEY, partnerIdIn } from './partner.ts';

describe('partnerIdIn', () => {
  it.each(['ab', 'alfa', 'alfa-2', `a${'-'.repeat(31)}`])('finds whose a key of %s is, as the pattern does', (id) => {
    for (const secret of ['A'.repeat(43), '_'.repeat(43), `ik_alfa_${'b'.repeat(35)}`, `-${'_0'.repeat(21)}`]) {
      const key = `ik_${id}_${secret}`;
      expect([PARTNER_KEY.exec(key)?.[1], partnerIdIn(key)]).toEqual([id, id]);
    }
  });
});
