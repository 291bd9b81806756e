import { expect, test } from 'vitest';
import { createHomeOf } from './homes.ts';

test('S1 homeOf knows the regions that are listed, and no other', () => {
  const homeOf = createHomeOf(new Map([['nsk', 'https://nsk.example']]));
  expect([homeOf('nsk'), homeOf('msk'), homeOf('{region}')]).toEqual(['https://nsk.example', undefined, undefined]);
});

test('S1 homeOf puts the name of a region that is not listed into the pattern: no region has to know the others', () => {
  const homeOf = createHomeOf(
    new Map([
      ['msk', 'https://main.example'],
      ['*', 'https://{region}.example'],
    ]),
  );
  expect([homeOf('msk'), homeOf('vvo')]).toEqual(['https://main.example', 'https://vvo.example']);
});
