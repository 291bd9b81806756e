import type { Wait } from '#platform/lifecycle/wait.ts';
import type { World } from './world.ts';

/** A process. What comes to it is done at once; once it is killed, never; while it is paused, afterwards. */
export interface Host {
  readonly name: string;
  readonly isAlive: () => boolean;
  /** The process does this, as far as it still does anything. */
  run(action: () => void): void;
  /** Stops its world, as a garbage collection or a moved virtual machine does; it does not notice. */
  pause(ms: number): void;
  /** Ends a pause before its time. */
  resume(): void;
  /** All that was in its memory is gone: what it waited for never comes. */
  kill(): void;
  /** Tells others, such as its connections, of the kill. */
  onKill(action: () => void): void;
  readonly wait: Wait;
}

export function createHost(world: World, name: string): Host {
  let alive = true;
  let pausedUntil = 0;
  const onKill: (() => void)[] = [];
  const waiting: (() => void)[] = [];
  const goOn = (): void => {
    const ms = pausedUntil - world.clock.now();
    if (ms > 0) world.clock.after(ms, goOn);
    else for (const action of waiting.splice(0)) if (alive) action();
  };
  const run = (action: () => void): void => {
    if (!alive) return;
    // In the order in which it came, however often it is paused meanwhile.
    if (waiting.length === 0 && pausedUntil <= world.clock.now()) action();
    else if (waiting.push(action) === 1) goOn();
  };
  return {
    name,
    isAlive: () => alive,
    run,
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, world.clock.now() + ms);
    },
    resume() {
      pausedUntil = world.clock.now();
      goOn();
    },
    kill() {
      alive = false;
      for (const action of onKill.splice(0)) action();
    },
    onKill: (action) => void onKill.push(action),
    wait: (ms, signal) =>
      new Promise((resolve) => {
        const wake = () => {
          signal.removeEventListener('abort', wake);
          run(resolve);
        };
        if (signal.aborted) return wake();
        world.clock.after(ms, wake);
        signal.addEventListener('abort', wake, { once: true });
      }),
  };
}
