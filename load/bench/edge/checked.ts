import type { Figure } from '../bench.ts';

const EACH = ['workerd', 'Node'] as const;
const BARE = { workerd: 'bare workerd', Node: 'bare node:http' } as const;

/** The A/A figure of each that compares. */
const CONTROLS: ReadonlyMap<string, string> = new Map([
  ...EACH.flatMap((runtime): [string, string][] => {
    const again = `A/A: the edge on ${runtime} / the same again`;
    const ratio = `the edge on ${runtime} / ${BARE[runtime]}`;
    return [
      [ratio, again],
      [`${ratio}, by processor time`, `${again}, by processor time`],
    ];
  }),
  ...['p50', 'p99'].map((share): [string, string] => [
    `${share}: the edge on workerd / bare workerd`,
    `A/A: ${share}, the edge on workerd / the same again`,
  ]),
  ...['', ', by processor time'].map((by): [string, string] => [
    `the edge on Node / nginx${by}`,
    `A/A: the edge on Node / the same again${by}`,
  ]),
  ...['workerd', 'node'].map((runtime): [string, string] => [
    `p50 that a store 50 ms away adds, ${runtime}`,
    `A/A: p50 without a store, less the same again, ${runtime}`,
  ]),
  ['core with the cache / without', 'A/A: core without the cache / the same again'],
]);

/** The figures of a measurement with what was checked of it, and what compares with its A/A: what they say themselves stays. */
export const checked = (gate: string, figures: readonly Figure[]): Figure[] =>
  figures.map((figure) => {
    const control = CONTROLS.get(figure.figure);
    return { gate, ...(control !== undefined && { control }), ...figure };
  });
