/** How long each step of a start took, seconds. */
export interface Steps {
  time<T>(name: string, work: () => Promise<T>): Promise<T>;
  readonly taken: readonly { name: string; seconds: number }[];
}

export function createSteps(): Steps {
  const taken: { name: string; seconds: number }[] = [];
  return {
    taken,
    async time(name, work) {
      const startedAt = performance.now();
      const result = await work();
      taken.push({ name, seconds: (performance.now() - startedAt) / 1000 });
      return result;
    },
  };
}
