import fc from 'fast-check';
import { base64url } from 'jose';
import { describe, expect, it } from 'vitest';
import { HOP_KEY } from '../fake-core.testing.ts';
import { createSeal } from './seal.ts';

const keyOf = (text: string) => base64url.decode(text) as Uint8Array<ArrayBuffer>;
const seal = createSeal(keyOf(HOP_KEY));
const anyText = fc.string({ unit: 'binary', maxLength: 40 });

describe('a sealed text', () => {
  it('opens under its own name', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, async (name, text) => {
        expect(await seal.open(name, await seal.close(name, text))).toBe(text);
      }),
    );
  });

  it('opens under no other name, with no other key, and not when any of it is changed or moved to the name', async () => {
    const other = createSeal(keyOf(HOP_KEY.replace(/^./, 'b')));
    await fc.assert(
      fc.asyncProperty(anyText, anyText, fc.nat(), async (name, text, place) => {
        const sealed = await seal.close(name, text);
        // The last digit of the code has two bits that mean nothing.
        const at = place % sealed.length === 42 ? 41 : place % sealed.length;
        const changed = sealed.slice(0, at) + String.fromCharCode(sealed.charCodeAt(at) ^ 1) + sealed.slice(at + 1);
        expect(await seal.open(name, changed)).toBeUndefined();
        for (const wrong of [`${name}x`, `x${name}`, `${name}\n${text}`]) {
          expect(await seal.open(wrong, sealed)).toBeUndefined();
        }
        expect(await other.open(name, sealed)).toBeUndefined();
        expect(await seal.open(name, sealed.slice(0, -1))).toBeUndefined();
      }),
    );
  });

  it.each([undefined, null, 7, '', 'rubbish', {}, ['x'], 'A'.repeat(43), `${'A'.repeat(42)}!{}`])(
    'is not %j',
    async (sealed) => {
      expect(await seal.open('name', sealed)).toBeUndefined();
    },
  );
});
