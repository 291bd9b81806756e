import type { Acknowledgement } from './acknowledgements.ts';

/** A row of core.policies. */
export interface PolicyRow {
  readonly id: string;
  readonly key: string;
  readonly number: string;
  readonly insurer: string;
  readonly partner: string;
  readonly premiumMinor: number;
  readonly status: string;
  /** Null unless cancelled. */
  readonly refundMinor: number | null;
  /** Agreed with the insurer for the tariff's version that was sold. */
  readonly rateBps: number;
}

/** What names an event and its place in its aggregate's life. */
export interface EventRow {
  readonly eventId: string;
  readonly aggregateId: string;
  readonly version: number;
}

/** An event with what it is: one that is not of a policy has its place in outbox and topic, and none in the ledger. */
export interface TypedRow extends EventRow {
  readonly type: string;
}

export const isOfPolicy = ({ type }: TypedRow): boolean => type.startsWith('policy.');

/** A record of the topic, in the order of its partition. */
export interface TopicRecord extends TypedRow {
  readonly partition: number;
  /** In which the record lies, whatever it says. */
  readonly foundIn: number;
  readonly epoch: number;
  readonly sequence: number;
  /** Of the policy, and what goes back; 0 of what is no policy. */
  readonly premiumMinor: number;
  readonly refundMinor: number;
}

/** A transaction of the ledger; `committedAt` in microseconds, of the database's clock. */
export interface BookedRow extends EventRow {
  readonly committedAt: number;
}

/** Everything that is known of a run, each from its own source and as it was found. */
export interface Evidence {
  /** Keys of all that was wanted. */
  readonly wanted: readonly string[];
  /** The signed price of each, kopecks. */
  readonly offered: ReadonlyMap<string, number>;
  readonly acknowledged: readonly Acknowledgement[];
  readonly policies: readonly PolicyRow[];
  readonly outbox: readonly TypedRow[];
  /** Absent without Kafka: the in-process transport keeps nothing. */
  readonly topic?: readonly TopicRecord[];
  /** The topic was made anew in mid-run: its partitions may begin anywhere. */
  readonly topicIsNew?: boolean;
  readonly booked: readonly BookedRow[];
  /** Kopecks by account, as the postings sum up. */
  readonly postings: ReadonlyMap<string, number>;
  /** The same as the ledger says. */
  readonly accounts: ReadonlyMap<string, number>;
  readonly deadLetters: number;
  /** Of the premium, that partners earn. */
  readonly partnerRateBps: number;
}
