/** As much of autocannon as is used: it brings no types. */
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events';

  interface RequestParts {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string | undefined;
  }

  interface Request<Context> {
    /** Makes the request when it is due; undefined begins again with the first one. */
    readonly setupRequest: (defaults: object, context: Context) => RequestParts | undefined;
    readonly onResponse: (status: number, body: string, context: Context, headers: Record<string, string>) => void;
  }

  interface Options<Context> {
    readonly url: string;
    readonly connections: number;
    /** Requests of each connection in a second: they are sent at its beginning, one after another. */
    readonly connectionRate: number;
    readonly maxConnectionRequests: number;
    /** Seconds after which it ends all the same. */
    readonly duration: number;
    /** Between looks whether it is over, ms. */
    readonly sampleInt: number;
    /** Seconds. */
    readonly timeout: number;
    /** It ends after so many requests without an answer. */
    readonly bailout: number;
    readonly requests: readonly Request<Context>[];
  }

  interface Run extends EventEmitter, PromiseLike<unknown> {
    stop(): void;
  }

  /** Begins at once. Emits `response` (client, status, bytes, ms) behind `onResponse`, and `reqError` (error). */
  export default function autocannon<Context>(options: Options<Context>): Run;
}
