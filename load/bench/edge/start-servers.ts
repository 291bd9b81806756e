import { targetOfAll } from './quotes.ts';
import { type Answer, readAnswer } from './read-answer.ts';
import { requireSame } from './require-same.ts';
import type { Target } from './run-wrk.ts';
import type { Stand } from './stand.ts';
import { startBareNode, startBareWorkerd } from './start-bare.ts';
import type { Runtime } from './start-edge.ts';
import { startNginx } from './start-nginx.ts';
import { CPU, type Running } from './start-program.ts';

/** An edge, and what answers the same question with the same bytes and does nothing else. */
export interface Pair {
  readonly edge: Target;
  readonly bare: Target;
  /** The edge's first answer out of its cache. */
  readonly answer: Answer;
}

/** All that one quote is asked of. */
export interface Servers extends Record<Runtime, Pair>, AsyncDisposable {
  /** Keeps what the edge on Node answered. */
  readonly nginx: Target;
  /** The base URL of a bare server of that answer, for others that keep it. */
  readonly origin: string;
}

export async function startServers(stand: Stand): Promise<Servers> {
  await using stack = new AsyncDisposableStack();
  const { signal, bundle, folder, key } = stand;
  const edges = { workerd: stack.use(await stand.edge('workerd')), node: stack.use(await stand.edge('node')) };
  const authorization = `Bearer ${key}`;
  const target = await targetOfAll((asked) => fetch(`${edges.node.url}${asked}`, { headers: { authorization } }));
  const at = (served: Running & { url: string }): Target => ({ ...served, url: `${served.url}${target}`, key });
  const cached = async (question: Target) => {
    await readAnswer(question);
    return readAnswer(question);
  };
  const answers = { workerd: await cached(at(edges.workerd)), node: await cached(at(edges.node)) };
  const bare = {
    workerd: stack.use(await startBareWorkerd({ answer: answers.workerd, folder, signal }, bundle)),
    node: stack.use(await startBareNode({ answer: answers.node, folder, signal })),
  };
  const origin = stack.use(await startBareNode({ answer: answers.node, folder, signal, cpu: CPU.rest }));
  const nginx = stack.use(await startNginx({ origin: origin.url, folder, signal }));
  const pair = (runtime: Runtime): Pair => ({
    edge: at(edges[runtime]),
    bare: at(bare[runtime]),
    answer: answers[runtime],
  });
  await requireSame(at(bare.workerd), answers.workerd);
  await requireSame(at(bare.node), answers.node);
  await requireSame(at(nginx), answers.node);
  const owned = stack.move();
  return {
    workerd: pair('workerd'),
    node: pair('node'),
    nginx: at(nginx),
    origin: origin.url,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
