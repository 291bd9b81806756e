import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A process of its own: it says when it is ready and answers each message with one. Disposing stops it. */
export interface Child extends AsyncDisposable {
  readonly pid: number;
  ask<Answer>(message: object): Promise<Answer>;
}

/** Starts a file of this folder and waits until it is ready; `signal` ends all waiting. */
export async function startChild(
  file: string,
  { env, signal }: { env: Record<string, string>; signal: AbortSignal },
): Promise<Child> {
  const child = fork(join(import.meta.dirname, file), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const ended = exited.then(([code]) => {
    throw new Error(`${file} ended with code ${code} while it was measured`);
  });
  ended.catch(() => undefined);
  const answer = async () => {
    const [message] = await Promise.race([once(child, 'message', { signal }), ended]);
    return message;
  };
  await answer().catch((error: unknown) => {
    child.kill();
    throw error;
  });
  return {
    pid: child.pid as number,
    ask(message) {
      const answered = answer();
      child.send(message);
      return answered;
    },
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
