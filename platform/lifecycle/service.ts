import { ConfigError } from '#platform/config/parse-env.ts';

/** Something running: disposing it stops it in order; `done` rejects when a part of it died by itself. */
export interface Service extends AsyncDisposable {
  readonly done: Promise<void>;
}

/** Exit codes: 0 stopped as asked, 1 died, 78 (EX_CONFIG of sysexits.h) bad configuration. */
const EXIT = { stopped: 0, died: 1, config: 78 } as const;

/** Beyond this a stop is not graceful any more. */
const STOP_MS = 25_000;

/** The frame of every main: starts, waits for SIGTERM, SIGINT or death, stops in order, ends with a code. */
export async function runService(name: string, start: () => Promise<Service>): Promise<never> {
  const asked = new Promise<'asked'>((resolve) => {
    // Not once: a second Ctrl-C, or npm passing on the first, must not cut the stop short.
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve('asked'));
  });
  // Not start().catch(): a configuration that does not parse throws before there is a promise.
  const service = await Promise.try(start).catch((error: unknown) => fail(name, error));
  const died = service.done.then(
    () => new Error('a part of it ended by itself'),
    (error: unknown) => error,
  );
  const cause = await Promise.race([asked, died]);
  setTimeout(() => fail(name, new Error(`it did not stop within ${STOP_MS} ms`)), STOP_MS).unref();
  await service[Symbol.asyncDispose]();
  if (cause !== 'asked') fail(name, cause);
  process.exit(EXIT.stopped);
}

/** The frame of a command that ends by itself: 0, or one sentence and a code. */
export async function runCommand(name: string, work: () => Promise<void>): Promise<void> {
  await Promise.try(work).catch((error: unknown) => fail(name, error));
}

function fail(name: string, error: unknown): never {
  const isConfig = error instanceof ConfigError;
  const text = error instanceof Error ? error.message : String(error);
  const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
  process.stderr.write(`${name}: ${text}${cause}\n`);
  if (!isConfig && error instanceof Error && process.env['LOG_LEVEL'] === 'debug')
    process.stderr.write(`${error.stack}\n`);
  process.exit(isConfig ? EXIT.config : EXIT.died);
}
