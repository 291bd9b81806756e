import { z } from 'zod';
import { Instant, PartyId } from '#contracts/words.ts';
import type { Message } from '../intake/read-message.ts';

/** Which register a message may be missing in; null: it does not say so clearly. */
export interface Whereabouts {
  readonly insurer: string | null;
  /** RFC 3339. */
  readonly occurredAt: string | null;
}

const NOWHERE: Whereabouts = { insurer: null, occurredAt: null };
const Insurer = z.object({ data: z.object({ insurer: PartyId }) });
const Occurred = z.object({
  occurredAt: Instant.refine((text) => text.startsWith('20') && !Number.isNaN(Date.parse(text))),
});

/** Of a message that has a place, what it says itself; of one that has none, nothing is believed. */
export function whereaboutsOf(message: Message): Whereabouts {
  if (!message.placed) return NOWHERE;
  const said = parse(message.raw);
  return {
    insurer: Insurer.safeParse(said).data?.data.insurer ?? null,
    occurredAt: Occurred.safeParse(said).data?.occurredAt ?? null,
  };
}

function parse(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}
