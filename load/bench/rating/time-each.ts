/** How long many of a kind took, one after another. */
export interface Timed<Answer> {
  readonly answers: readonly Answer[];
  /** Of each, us. */
  readonly eachUs: readonly number[];
  /** From the first to the last, s. */
  readonly wallSeconds: number;
  /** Of all threads of this process, s: what other programs took of the machine is not in it. */
  readonly cpuSeconds: number;
}

/** Asks one by one, each after the answer of the one before. */
export async function timeEach<Question, Answer>(
  questions: readonly Question[],
  ask: (question: Question) => Answer | Promise<Answer>,
): Promise<Timed<Answer>> {
  const answers: Answer[] = [];
  const eachUs: number[] = [];
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  for (const question of questions) {
    const askedAt = performance.now();
    answers.push(await ask(question));
    eachUs.push((performance.now() - askedAt) * 1_000);
  }
  const wallSeconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { answers, eachUs, wallSeconds, cpuSeconds: (user + system) / 1_000_000 };
}
