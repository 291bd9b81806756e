import { type Answer, headerOf, type Question, readAnswer } from './read-answer.ts';
import { fixedHeaders } from './start-bare.ts';

/** The gate of what an edge is compared with: it answers with the edge's body and the edge's headers. */
export async function requireSame(
  question: Question,
  like: Answer,
  { but = [] }: { but?: readonly string[] } = {},
): Promise<void> {
  const answer = await readAnswer(question);
  if (answer.status !== like.status || !answer.body.equals(like.body)) {
    throw new Error(`${question.url} answered ${answer.status} ${answer.body} and not ${like.status} ${like.body}`);
  }
  for (const [name, value] of Object.entries(fixedHeaders(like))) {
    const found = headerOf(answer, name);
    if (!but.includes(name) && found !== value)
      throw new Error(`${question.url} answered ${name}: ${found}, not ${value}`);
  }
}
