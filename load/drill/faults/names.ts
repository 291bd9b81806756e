/** The ways between parts that a drill may spoil, from who asks to who answers. */
export const PLACES = ['edge-core', 'core-postgres', 'core-kafka', 'edge-upstash', 'aggregator-insurers'] as const;
export type PlaceName = (typeof PLACES)[number];

/** How a way is spoiled. */
export const TOXICS = ['latency', 'bandwidth', 'reset', 'half-open'] as const;
export type ToxicName = (typeof TOXICS)[number];

/** What callers do all the while. */
export const KINDS = ['cached quote', 'new quote', 'sale', 'read'] as const;
export type Kind = (typeof KINDS)[number];
