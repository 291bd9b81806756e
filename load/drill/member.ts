/** What the drill can kill. `region` is core, settlement and aggregator in one process, without Kafka. */
export type Kind =
  | 'core'
  | 'settlement'
  | 'aggregator'
  | 'region'
  | 'postgres'
  | 'kafka'
  | 'edge'
  | 'upstash'
  | 'insurers';

/** A process of the stand. One that ends unasked is started again, as a supervisor would, and counted. */
export interface Member extends AsyncDisposable {
  readonly name: string;
  readonly kind: Kind;
  /** Undefined while there is none. */
  pid(): number | undefined;
  /** It runs and has said that it is ready. */
  isUp(): boolean;
  /** Resolves when it is ready, or was killed meanwhile; rejects with where to look when it does not come up. */
  start(): Promise<void>;
  /** Ends it without a word; resolves when the process is gone. Postgres also knows SIGQUIT, its immediate stop. */
  kill(how?: 'SIGKILL' | 'SIGQUIT'): Promise<void>;
  /** What it said each time it ended unasked, once it was up. */
  readonly deaths: readonly string[];
}
