import type { Machine } from './machine.ts';

/** One line. */
export function describeMachine({ cpu, cores, memoryGiB, system, node, versions }: Machine): string {
  const others = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [`${cores} cores of ${cpu}`, `${memoryGiB} GiB`, system, `Node ${node.replace('v', '')}`, ...others].join(
    ', ',
  );
}
