import type { EdgeContext, Origin } from '../context.ts';
import { CoreUnavailable, countShed } from '../forward/call-core.ts';
import type { Lane } from '../forward/queue.ts';
import { singleFlight } from '../single-flight.ts';
import type { KeptAnswers } from './kept-answers.ts';
import { type Loaded, loadAnswer } from './load-answer.ts';
import { createRest } from './rest.ts';
import type { Revision } from './revision.ts';
import { type Room, UNCOUNTED } from './room.ts';
import { createSharedAnswers } from './shared-answers.ts';
import { keyFor, ownKey, type Spelling } from './spellings.ts';

interface Asked {
  readonly spelling: Spelling;
  readonly origin: Origin;
}

export interface Flights {
  /** What store or core has for a spelling; one call for all who ask for the same risk. Throws CoreUnavailable, also when there is no room. */
  load(asked: Asked): Promise<{ loaded: Loaded; joined: boolean }>;
  /** The same behind an answer, at most once a second. */
  renew(asked: Asked): void;
  /** Whether somebody asks for this already, whose answer it may share. */
  isUnderWay(spelling: Spelling): boolean;
}

/**
 * After a renewal in the background was begun its key is left alone this long, ms: also when it fails, and when replicas of
 * core differ, so that no answer of theirs is the last.
 */
const RENEW_AGAIN_MS = 1_000;

export function createFlights(
  ctx: EdgeContext,
  { kept, revision, room }: { kept: KeptAnswers; revision: Revision; room: Room },
): Flights {
  const shared = createSharedAnswers(ctx);
  const underWay = singleFlight<{ loaded: Loaded; key: string | undefined }>(ctx);
  const renewed = createRest(ctx, RENEW_AGAIN_MS);
  const start = async (asked: Asked & { lane: Lane }) => {
    const turn = asked.lane === 'renewal' ? UNCOUNTED : room.enter();
    try {
      const loaded = await loadAnswer(ctx, { ...asked, revision, shared, turn });
      return { loaded, key: kept.take(asked.spelling, loaded) };
    } finally {
      turn.leave();
    }
  };
  const fly = (key: string, asked: Asked & { lane: Lane }) =>
    underWay.run(key, { origin: asked.origin, start: () => start(asked) });
  return {
    async load({ spelling, origin }) {
      const asked = { spelling, origin, lane: 'read' } as const;
      const [key, own] = [keyFor(spelling, ctx.now()), ownKey(spelling)];
      if (!underWay.isUnderWay(key) && room.isFull()) {
        room.refuse();
        countShed(ctx);
        throw new CoreUnavailable('queue-full');
      }
      const { result, joined } = await fly(key, asked);
      // What core told another spelling is for this one only when it is an answer to the same risk.
      if (!joined || key === own || result.key === key) return { loaded: result.loaded, joined };
      const again = await fly(own, asked);
      return { loaded: again.result.loaded, joined: again.joined };
    },
    renew({ spelling, origin }) {
      const key = keyFor(spelling, ctx.now());
      if (!underWay.isUnderWay(key) && !room.isOverloaded() && renewed.begin(key))
        origin.background(fly(key, { spelling, origin, lane: 'renewal' }));
    },
    isUnderWay: (spelling) => underWay.isUnderWay(keyFor(spelling, ctx.now())),
  };
}
