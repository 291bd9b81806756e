/** What the parent gave this process, which ends when the parent does. */
export function readConfig<Config>(): Config {
  process.on('disconnect', () => process.exit(0));
  return JSON.parse(process.argv[2] ?? '{}') as Config;
}

/** Said once by each process, when it has begun its work. */
export const READY = 'ready';

export const sayReady = (): void => void process.send?.(READY);
