import type { Demo } from '../../local/read-demo.ts';
import type { Options } from './options.ts';

/** An API as somebody sees it. */
export interface Target {
  readonly api: 'edge' | 'core' | 'settlement' | 'aggregator';
  readonly caller: 'partner' | 'operator' | 'nobody';
  /** Base URL. */
  readonly url: string;
  /** Where it describes itself. */
  readonly document: string;
  /** What Authorization holds after `Bearer`. */
  readonly key?: string;
  /** Requests a second, below what the caller is allowed. */
  readonly perSecond?: number;
  /** A call that must have been accepted, or nothing behind it was reached: method and path, a regular expression. */
  readonly mustReach?: string;
  /** However short the time is, for who may ask but slowly. */
  readonly leastSeconds?: number;
  /** Of the time there is; only their proportion counts. */
  readonly weight: number;
}

/** Below the 20 requests a second that an address has, so that answers are about more than that limit. */
const ANONYMOUS_PER_SECOND = 18;

const edgeOf = (url: string, key: string | undefined): Target[] => {
  const edge = { api: 'edge', url, document: '/openapi.json' } as const;
  const partner: Target[] = key ? [{ ...edge, caller: 'partner', key, mustReach: 'POST /v1/policies', weight: 8 }] : [];
  return [...partner, { ...edge, caller: 'nobody', perSecond: ANONYMOUS_PER_SECOND, leastSeconds: 20, weight: 3 }];
};

/** What there is to attack: an edge that was named, or all APIs of the first region of a running `npm start`. */
export function targetsOf({ url, key }: Options, demo: Demo | undefined): Target[] {
  if (url !== undefined) return edgeOf(url, key);
  const region = demo?.regions[0];
  if (!demo || !region) throw new Error('No region runs here: run npm start in another terminal first');
  const operated = [
    { api: 'settlement', document: '/openapi.json', mustReach: 'GET /v1/reconciliation', weight: 2 },
    { api: 'core', document: '/operator/openapi.json', mustReach: 'PUT /v1/partners/[^/]+', weight: 2 },
    { api: 'aggregator', document: '/openapi.json', mustReach: 'POST /v1/insurers/[^/]+/poll', weight: 2 },
  ] as const;
  return [
    // First: what it sells is in settlement's registers.
    ...edgeOf(region.edge, demo.keys.site),
    ...operated.map(
      (each) => ({ ...each, url: region[each.api], caller: 'operator', key: demo.keys.operator }) as const,
    ),
    ...operated.map(({ api, document }) => ({ api, document, url: region[api], caller: 'nobody', weight: 2 }) as const),
  ];
}
