import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onEachRuntime } from '../on-each-runtime.testing.ts';
import { RUNTIMES, type Runtime } from '../runtime.testing.ts';
import { answersOf } from './answers-of.testing.ts';
import { CONVERSATION } from './conversation.testing.ts';
import type { Answer } from './exchange.testing.ts';
import { expectAnswers } from './expect-answers.testing.ts';

const answers = new Map<Runtime, Record<string, Answer[]>>();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edge-answers-'));
  const offersEndAt = Date.now() + 15 * 60_000;
  await onEachRuntime(async (runtime) => answers.set(runtime, await answersOf(runtime, { folder, offersEndAt })));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('one app on three runtimes', () => {
  it.each(CONVERSATION)('$name is answered as it must be', (exchange) => {
    expectAnswers(exchange, answers.get('node')?.[exchange.name]);
  });

  it.each(CONVERSATION)('$name is answered alike by Node, workerd and Deno, to the byte', ({ name }) => {
    const [node, ...others] = RUNTIMES.map((runtime) => answers.get(runtime)?.[name]);
    for (const other of others) expect(other).toEqual(node);
  });
});
