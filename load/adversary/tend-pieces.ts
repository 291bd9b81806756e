import type { Sql } from 'postgres';
import { wait } from '#platform/lifecycle/wait.ts';
import { runOnce } from '#platform/outbox/retention.ts';

const EVERY_MS = 150;
/** Rounds after which ids go on in the next million. */
const ROUNDS_OF_A_PIECE = 6;
const PIECE_IDS = 1_000_000;

interface Tending {
  /** Core's role, as retention runs in core. */
  readonly core: Sql;
  readonly admin: Sql;
  readonly signal: AbortSignal;
  readonly onDropped: (pieces: number) => void;
}

/** Core's own retention, which keeps nothing that is sent, over pieces that are full as soon as they are begun. */
export async function tendPieces({ core, admin, signal, onDropped }: Tending): Promise<void> {
  for (let round = 1; !signal.aborted; round += 1) {
    if (round % ROUNDS_OF_A_PIECE === 0) {
      await admin`select setval('core.outbox_id_seq', (last_value / ${PIECE_IDS} + 1) * ${PIECE_IDS})
        from core.outbox_id_seq`;
    }
    const { dropped } = await runOnce({
      sql: core,
      schema: 'core',
      keepMs: 0,
      wait,
      log: () => undefined,
      logError: () => undefined,
    });
    onDropped(dropped.length);
    await wait(EVERY_MS, signal);
  }
}
