/** A topic, how it is cut, and the services that read it: a publish is done when each of these can have it. */
export interface Topic {
  readonly name: string;
  readonly partitions: number;
  /** Keep the last record of each key instead of dropping by age. */
  readonly compacted: boolean;
  readonly groups: readonly string[];
}

/** Policies, keyed and partitioned by policy. */
export const POLICIES = {
  name: 'policies.v1',
  partitions: 12,
  compacted: false,
  groups: ['ins-comp-settlement'],
} as const satisfies Topic;

/**
 * Tariffs, partitioned by insurer. Keys are `tariff:{insurer}:{product}` and `polled:{insurer}`: they differ because
 * compaction keeps one record a key, and a poll must never push out the tariff it confirms.
 */
export const TARIFFS = {
  name: 'tariffs.v1',
  partitions: 4,
  compacted: true,
  groups: ['core-app'],
} as const satisfies Topic;

export const TOPICS: readonly Topic[] = [POLICIES, TARIFFS];
