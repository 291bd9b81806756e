import type { Sql } from 'postgres';
import type { Service } from '#platform/lifecycle/service.ts';
import type { Wait } from '#platform/lifecycle/wait.ts';
import { forgetOldMoves } from './cursor.ts';

export interface RetentionContext {
  readonly sql: Sql;
  readonly schema: string;
  /** Milliseconds that a sent event is kept for a replay, at least. */
  readonly keepMs: number;
  readonly wait: Wait;
  readonly log: (fields: object, message: string) => void;
  readonly logError: (error: unknown, message: string) => void;
}

/** A piece is a million events: minutes are soon enough. */
const EVERY_MS = 60_000;
/** Pieces made ahead of the ids, each of a million. */
const AHEAD = 2;

/**
 * Keeps the outbox's table in pieces: makes the next before they are needed, drops the old once they are sent. What may go
 * is decided in the database, by `outbox_retire`; a service's role can drop nothing itself. Any replica may do it, or all.
 */
export function startRetention(ctx: RetentionContext): Service {
  const stopping = new AbortController();
  const loop = async () => {
    while (!stopping.signal.aborted) {
      await runOnce(ctx).catch((error: unknown) =>
        ctx.logError(error, `the pieces of ${ctx.schema}.outbox could not be tended, will try again`),
      );
      await ctx.wait(EVERY_MS, stopping.signal);
    }
  };
  const done = loop();
  return {
    done,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await done;
    },
  };
}

/** Tends the pieces once, and what the cursors leave behind. Answers how many were made and which were dropped. */
export async function runOnce(ctx: RetentionContext): Promise<{ made: number; dropped: string[] }> {
  const { sql, schema, keepMs, log } = ctx;
  await forgetOldMoves(sql, { schema });
  const [extended] = await sql<{ made: number }[]>`select ${sql(schema)}.outbox_extend(${AHEAD}) as made`;
  const made = extended?.made ?? 0;
  if (made > 0) log({ schema, made }, 'outbox pieces made');
  const dropped: string[] = [];
  for (;;) {
    // A transaction each: a drop holds writers up for as long as it takes, a few of them would add up.
    const [retired] = await sql<{ piece: string | null }[]>`
      select ${sql(schema)}.outbox_retire(make_interval(secs => ${keepMs / 1000})) as piece`;
    if (!retired?.piece) return { made, dropped };
    dropped.push(retired.piece);
    log({ schema, piece: retired.piece }, 'outbox piece dropped');
  }
}
