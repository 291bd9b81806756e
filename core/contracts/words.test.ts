import { expect, it } from 'vitest';
import { REGION, REGION_TEXT } from './words.ts';

it('a region is described to readers of a schema as it is read', () => {
  expect(REGION_TEXT).toBe(REGION.source);
});
