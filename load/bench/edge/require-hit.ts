import { type Answer, headerOf, type Question, readAnswer } from './read-answer.ts';

/** What differs between two quotes of the same risk. */
const OF_ITS_TIME = /"(token|ratedAt|expiresAt|asOf)":"[^"]*"/g;
const timeless = ({ body }: Answer): string => body.toString().replace(OF_ITS_TIME, '');

const TRIES = 5;

/**
 * The gate: the edge answers out of its cache, what core said and nothing else, and counts. `like` is an earlier answer:
 * since then the quote may have been renewed.
 */
export async function requireHit(question: Question, like: Answer): Promise<void> {
  const answer = await readAnswer(question);
  const cache = headerOf(answer, 'cache-status');
  if (answer.status !== 200 || !/^insuretech-edge; hit/.test(cache)) {
    throw new Error(`${question.url} was answered with ${answer.status}, and its cache says "${cache}"`);
  }
  if (answer.body.length !== like.body.length || timeless(answer) !== timeless(like)) {
    throw new Error(`${question.url} was answered with ${answer.body} after ${like.body}`);
  }
  await requireCounted(question);
}

const remainingOf = (answer: Answer): number => Number(/;r=(\d+)/.exec(headerOf(answer, 'ratelimit'))?.[1]);

/** Of two answers in one second the second one leaves less; when a second began between them it is tried again. */
async function requireCounted(question: Question): Promise<void> {
  const seen: string[] = [];
  for (let tries = 0; tries < TRIES; tries += 1) {
    const [first, second] = [remainingOf(await readAnswer(question)), remainingOf(await readAnswer(question))];
    if (second < first) return;
    seen.push(`${first} and then ${second}`);
  }
  throw new Error(`The limit does not count: ${question.url} left ${seen.join(', ')}`);
}
