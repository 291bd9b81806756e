import { expect, test } from 'vitest';
import { preflightFault } from './preflight-fault.ts';

const DEMO = { region: 'msk', url: 'http://127.0.0.1:8787' };
const OTHER = { url: 'https://edge.example' };

test.each([200, 429])('a place that answers %i is ready: whoever is over its limit is known', (status) => {
  expect(preflightFault(DEMO, { caller: 'alfa', status })).toBeUndefined();
});

test.each([
  [DEMO, undefined, 'Region msk does not answer at http://127.0.0.1:8787: run npm start again'],
  [OTHER, undefined, 'Nothing answers at https://edge.example'],
  [DEMO, 401, "Region msk does not know alfa's key: run npm start again"],
  [OTHER, 401, 'https://edge.example does not know the key in ALFA_KEY'],
  [OTHER, 404, 'https://edge.example/v1/products was answered 404, not 200: is an edge of InsureTech there?'],
])('%j that answers %j is told in a sentence', (place, status, sentence) => {
  expect(preflightFault(place, { caller: 'alfa', status })).toBe(sentence);
});
