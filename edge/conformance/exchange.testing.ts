/** Something that happens to the region before a request. */
export type Happening = 'the store goes away' | 'core goes away';

/** One request to an edge, as it is written on the wire. */
export interface Asked {
  /** Path and query as on the request line: nothing resolved, nothing encoded that is not. */
  readonly target: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Sends the body in chunks, without saying how long it is. */
  readonly chunked?: boolean;
}

/** A request and what every runtime has to answer. */
export interface Exchange extends Asked {
  readonly name: string;
  readonly after?: Happening;
  /** Sent so many times at once; the answers are those that differ. */
  readonly times?: number;
  /** Asked again until the status is the one expected: for what an edge may remember for a moment. */
  readonly patient?: boolean;
  /** The answer, or each of those that differ. */
  readonly expected: Expected | readonly Expected[];
}

export interface Expected {
  readonly status: number;
  /** Some of its headers, volatile parts masked; null for one that must not be there. */
  readonly headers?: Readonly<Record<string, string | RegExp | null>>;
  /** What a JSON body must contain, or the whole of another. */
  readonly body?: object | string;
  /** The slug of a problem. */
  readonly problem?: string;
}

/** An answer without what differs from one moment, or one server, to the next. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
