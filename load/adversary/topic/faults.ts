/** What the topic does to its clients, as shares of sends or batches (0 to 1), records and milliseconds. */
export interface TopicFaults {
  /** The connection is cut and nothing appended. */
  readonly cutBefore: number;
  /** Some partitions' records are appended, others not, and the connection is cut. */
  readonly cutWithin: number;
  /** All is appended, the acknowledgement never comes. */
  readonly cutAfter: number;
  /** Each connection has a slowness of its own, from none to this, added to each of its sends. */
  readonly mostDelayMs: number;
  /** A batch is handed to two consumers at once, as in a rebalance. */
  readonly handTwice: number;
  /** A batch begins at most so many records below what was handled. */
  readonly mostRewind: number;
}
