import type { EdgeContext } from '../context.ts';
import type { Limiter } from '../limits/limiter.ts';
import type { GoodKeys } from '../partners/good-keys.ts';
import type { PartnerDirectory } from '../partners/partner-directory.ts';
import type { Cache } from './cache.ts';

/** What is asked before the router is. */
export interface Doors {
  readonly directory: PartnerDirectory;
  readonly goodKeys: GoodKeys;
  readonly limiter: Limiter;
  readonly cache: Cache;
}

/** As much of a request as such an answer may depend on, however a runtime tells it. */
export interface Asked {
  readonly method: string;
  /** Path and query as they came. */
  readonly target: string;
  /** The fields of a name, in lower case, joined by commas as in RFC 9110, section 5.3. */
  readonly header: (name: string) => string | null | undefined;
  readonly background: (work: Promise<unknown>) => void;
}

/** A whole answer that was given without the router. */
export interface AtOnce {
  readonly status: number;
  /** What is said to everybody: the same object for as long as it says the same. */
  readonly shared: Readonly<Record<string, string>>;
  /** What is said to who asked. */
  readonly own: Readonly<Record<string, string>>;
  /** Text is in ASCII. */
  readonly body: Uint8Array<ArrayBuffer> | string;
}

/** Undefined, and nothing done, for what is the router's. */
export type AnswerAtOnce = (asked: Asked) => AtOnce | undefined;

/** A bug here must not end a process that would throw it nowhere else: the router answers instead. */
export function orRouter(ctx: Pick<EdgeContext, 'log'>, answer: AnswerAtOnce): AnswerAtOnce {
  return (asked) => {
    try {
      return answer(asked);
    } catch (err) {
      ctx.log.error({ err }, 'an answer at once failed, and is left to the router');
      return undefined;
    }
  };
}

/** The host begins behind it, and the path with the first slash after. */
const SCHEMES_LENGTH = 'https://'.length;

/** What a worker is told to wait for. */
interface Lifespan {
  waitUntil(work: Promise<unknown>): void;
}

/**
 * The same for a runtime that has a Request at hand. What is said to everybody is made Headers once: workerd copies those in
 * less time than it takes to read as many fields of an object.
 */
export function atOnceOverFetch(answer: AnswerAtOnce) {
  const made = new WeakMap<AtOnce['shared'], Headers>();
  const headersOf = (shared: AtOnce['shared']): Headers => {
    const known = made.get(shared) ?? new Headers(shared);
    made.set(shared, known);
    return known;
  };
  return ({ method, url, headers }: Request, lifespan: Lifespan | undefined): Response | undefined => {
    const found = answer({
      method,
      target: url.slice(url.indexOf('/', SCHEMES_LENGTH)),
      header: (name) => headers.get(name),
      background: (work) => lifespan?.waitUntil(work.catch(() => undefined)),
    });
    if (!found) return undefined;
    const response = new Response(found.body, { status: found.status, headers: headersOf(found.shared) });
    for (const name in found.own) response.headers.set(name, found.own[name] as string);
    return response;
  };
}
