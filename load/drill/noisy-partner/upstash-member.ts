import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { freePort } from '../../../local/free-port.ts';
import { nodeMember } from '../node-member.ts';

/** The stand-in of an Upstash database, of which a drill decides how it does. */
export interface UpstashMember extends AsyncDisposable {
  /** The edge's variables. */
  readonly env: Readonly<Record<string, string>>;
  start(): Promise<void>;
  /** Gone, and not started again. */
  kill(): Promise<void>;
  /** Back, and each answer takes `SLOW_MS`. */
  becomeSlow(): Promise<void>;
}

/** Eight times as long as an edge waits. */
const SLOW_MS = 2_000;

export async function upstashMember(dir: string): Promise<UpstashMember> {
  const [port, token] = [await freePort(), randomBytes(32).toString('base64url')];
  const url = `http://127.0.0.1:${port}`;
  const made = (name: string, delayMs: number) =>
    nodeMember({
      name,
      kind: 'upstash',
      entry: 'local/upstash/main.ts',
      env: { PORT: String(port), UPSTASH_TOKEN: token, UPSTASH_DELAY_MS: String(delayMs) },
      readyUrl: `${url}/healthz/live`,
      logFile: join(dir, `${name}.log`),
    });
  const [prompt, slow] = [made('upstash', 0), made('upstash-slow', SLOW_MS)];
  const kill = async () => {
    await Promise.all([prompt.kill(), slow.kill()]);
  };
  return {
    env: { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token },
    start: () => prompt.start(),
    kill,
    async becomeSlow() {
      await kill();
      await slow.start();
    },
    [Symbol.asyncDispose]: kill,
  };
}
