import type { Asked, Refusal } from '../asked.ts';
import { addressesOf, type CallerName, otherThan, REGIONS, type RegionName } from '../callers.ts';
import type { Clock } from '../clock.ts';
import { type Connect, type HttpAnswer, type HttpRequest, refusalOf, type Send } from './send.ts';

export interface ClientContext {
  readonly now: Clock;
  readonly connect: Connect;
  readonly urls: Readonly<Record<RegionName, string>>;
  /** What is going on now, as it will stand beside each request. */
  readonly slice: () => string;
  readonly note: (asked: Asked) => void;
}

export interface Question {
  readonly what: Asked['what'];
  readonly region: RegionName;
  readonly dueAt: number;
  /** Made anew for each region that it is sent to. */
  readonly prepare: (region: RegionName) => HttpRequest | Promise<HttpRequest>;
}

export type Answered = HttpAnswer & { readonly region: RegionName };

/** Somebody who asks regions by name. */
export interface Client {
  /** One question, noted with its answer. Resolves with undefined when there was none. */
  ask(question: Question): Promise<Answered | undefined>;
}

/** A client that, as with a name in DNS, goes to the other region for good once a region refuses or cuts its connection. */
export function createClient(ctx: ClientContext, { caller, key }: { caller: CallerName; key?: string }): Client {
  const sends = Object.fromEntries(REGIONS.map((region) => [region, takeTurns(ctx, { region, caller })]));
  const gone = new Set<RegionName>();
  const route = (region: RegionName) => (gone.has(region) ? otherThan(region) : region);

  const attempt = async (region: RegionName, request: HttpRequest) => {
    const headers = { ...request.headers, ...(key && { authorization: `Bearer ${key}` }) };
    return (sends[region] as Send)({ ...request, headers });
  };
  return {
    async ask({ what, region: wanted, dueAt, prepare }) {
      const slice = ctx.slice();
      let region = route(wanted);
      let refusal: Refusal | undefined;
      for (;;) {
        let sentAt = ctx.now();
        const note = (told: Pick<Asked, 'status' | 'tellsLimit'> & Partial<Asked>) => {
          const asked = { caller, what, region, slice, dueAt, sentAt, answeredAt: ctx.now(), ...told };
          ctx.note({ ...asked, ...(refusal && { refusal }) });
        };
        try {
          const request = await prepare(region);
          sentAt = ctx.now();
          const answer = await attempt(region, request);
          note(readAnswer(answer));
          return { ...answer, region };
        } catch (error) {
          const code = refusalOf(error);
          if (!code || refusal) return void note({ status: 0, error: sentenceOf(error), tellsLimit: false });
          refusal = { region, sentAt, at: ctx.now(), error: code };
          gone.add(region);
          region = route(region);
        }
      }
    },
  };
}

/** From each address in turn. */
function takeTurns({ connect, urls }: ClientContext, to: { region: RegionName; caller: CallerName }): Send {
  const sends = addressesOf(to.caller).map((localAddress) => connect({ url: urls[to.region], localAddress }));
  let turn = 0;
  return (request) => (sends[turn++ % sends.length] as Send)(request);
}

function readAnswer({ status, headers }: HttpAnswer) {
  const tellsLimit = Boolean(headers['ratelimit'] && headers['ratelimit-policy']);
  return { status, tellsLimit, ...(status === 429 && { retryAfter: headers['retry-after'] ?? null }) };
}

const sentenceOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
