import { CONVERSATION } from './conversation.testing.ts';
import type { Answer, Asked, Exchange, Happening } from './exchange.testing.ts';

/** An edge that nobody has asked anything yet, and the region around it. */
export interface Party {
  send(asked: Asked): Promise<Answer>;
  happen(happening: Happening): Promise<void>;
}

/** How long a patient exchange is asked again, ms. */
const PATIENCE_MS = 5_000;

/** Has the whole conversation with an edge, in order. By the name of the exchange, each different answer to it. */
export async function converse({ send, happen }: Party): Promise<Record<string, Answer[]>> {
  const answers: Record<string, Answer[]> = {};
  for (const exchange of CONVERSATION) {
    if (exchange.after) await happen(exchange.after);
    answers[exchange.name] = exchange.patient ? [await askAgain(send, exchange)] : await ask(send, exchange);
  }
  return answers;
}

async function ask(send: Party['send'], exchange: Exchange): Promise<Answer[]> {
  const answers = await Promise.all(Array.from({ length: exchange.times ?? 1 }, () => send(exchange)));
  const different = new Map(answers.map((answer) => [JSON.stringify(answer), answer]));
  return [...different.values()].sort((one, other) => one.status - other.status);
}

async function askAgain(send: Party['send'], exchange: Exchange): Promise<Answer> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await send(exchange);
    if ([exchange.expected].flat().some(({ status }) => status === answer.status) || Date.now() > until) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
