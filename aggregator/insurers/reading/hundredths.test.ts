import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hundredths } from './hundredths.ts';

const comma = hundredths(',');

describe('hundredths', () => {
  test('reads any amount of kopecks back exactly, with no, one or two places', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 999_999_999_999n }), (kopecks) => {
        const whole = kopecks / 100n;
        const places = String(kopecks % 100n).padStart(2, '0');
        const forms = [`${whole},${places}`];
        if (places.endsWith('0')) forms.push(`${whole},${places[0]}`);
        if (places === '00') forms.push(`${whole}`);
        for (const form of forms) expect(BigInt(comma.parse(form))).toBe(kopecks);
      }),
      { numRuns: 1_000 },
    );
  });

  test('is exact where binary fractions are not', () => {
    expect(Math.trunc(8.29 * 100)).toBe(828);
    expect(comma.parse('8,29')).toBe(829);
    expect(comma.parse('1,1')).toBe(110);
    expect(hundredths('.').parse('1.15')).toBe(115);
  });

  test('refuses a third place, whatever it is, rather than round it away', () => {
    fc.assert(
      fc.property(fc.nat(99_999), fc.stringMatching(/^\d{3,12}$/), (whole, places) => {
        expect(comma.safeParse(`${whole},${places}`).success).toBe(false);
      }),
    );
  });

  test('refuses all that is not plain digits with the one mark', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/^(0|[1-9][0-9]{0,9})(,[0-9]{1,2})?$/.test(text));
        expect(comma.safeParse(text).success).toBe(false);
      }),
    );
  });

  test.each([
    '',
    ',5',
    '1,',
    '1.50',
    '1,,5',
    '-1',
    '+1',
    '1e3',
    '0x1',
    ' 1',
    '1 ',
    '1\n',
    '01',
    '1 000',
    '١',
    'NaN',
    '99999999999',
  ])('refuses %j', (text) => {
    expect(comma.safeParse(text)).toMatchObject({
      success: false,
      error: { issues: [{ message: 'must be a decimal with "," and at most two places' }] },
    });
  });
});
