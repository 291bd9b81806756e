import { containersOf, type Manifest, titleOf, workloads } from '../manifest.ts';

/** Node processes that would let their heap grow past their container's limit: Node 24 takes 256 MiB whatever that is. */
export function heaps(all: readonly Manifest[]): string[] {
  return workloads(all).flatMap((workload) =>
    containersOf(workload)
      .filter(
        ({ command }) => command?.[0] === 'node' && !command.some((word: string) => /^--max-old-space-size/.test(word)),
      )
      .map(({ name }) => `${titleOf(workload)} leaves the heap of ${name} without a bound`),
  );
}
