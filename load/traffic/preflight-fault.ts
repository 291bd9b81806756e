import { keyVariable, type Place } from './read-target.ts';
import type { Caller } from './scenarios.ts';

/** What is asked of each place with each key before a run. */
export const PREFLIGHT_PATH = '/v1/products';

/** What is wrong with the answer to it, as a sentence; `status` is undefined when there was none. */
export function preflightFault({ region, url }: Place, asked: { caller: Caller; status?: number | undefined }) {
  const { caller, status } = asked;
  const isDemo = region !== undefined;
  if (status === 200 || status === 429) return undefined;
  if (status === undefined) {
    return isDemo ? `Region ${region} does not answer at ${url}: run npm start again` : `Nothing answers at ${url}`;
  }
  if (status === 401) {
    return isDemo
      ? `Region ${region} does not know ${caller}'s key: run npm start again`
      : `${url} does not know the key in ${keyVariable(caller)}`;
  }
  return `${url}${PREFLIGHT_PATH} was answered ${status}, not 200: is an edge of InsureTech there?`;
}
