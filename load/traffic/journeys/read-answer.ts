import type { Answer } from './step.ts';

/** So much of an unexpected answer is told. */
const MOST_TOLD = 300;

/** The body of an answer with the status that is right, or what is wrong with it. */
export function readAnswer<Body>(
  answer: Answer,
  status: number,
): { readonly body: Body; readonly fault?: undefined } | { readonly body?: undefined; readonly fault: string } {
  if (answer.status !== status) {
    return { fault: `status ${answer.status}, not ${status}: ${answer.text.slice(0, MOST_TOLD)}` };
  }
  try {
    return { body: JSON.parse(answer.text) as Body };
  } catch {
    return { fault: `its body is no JSON: ${answer.text.slice(0, MOST_TOLD)}` };
  }
}
