import type { z } from 'zod';
import { type FieldError, Problem } from '#contracts/problem.ts';
import type { OperatorApi } from './find-service.ts';

/** An answer that says no: `message` is its sentence. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly status: number;
  readonly errors: readonly FieldError[];

  constructor(
    message: string,
    { status, errors = [] }: { status: number; errors?: readonly FieldError[] | undefined },
  ) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

interface Question {
  readonly path: string;
  /** Makes it a POST, unless `method` says otherwise. */
  readonly body?: object;
  readonly method?: 'PUT';
  readonly accept?: string;
  /** The ETag of what was read: is refused with 412 when that is not there any more. */
  readonly ifMatch?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Asks a service's operator API; the answer's body is still to be read. Throws Refusal, or a sentence when nothing answers. */
export async function open({ url, token }: OperatorApi, question: Question): Promise<Response> {
  const { path, body, method = 'POST', accept, ifMatch, signal } = question;
  const headers = {
    authorization: `Bearer ${token}`,
    accept: accept ?? 'application/json',
    // A digest is of what is sent: coded otherwise it would be of something else.
    'accept-encoding': 'identity',
    ...(body && { 'content-type': 'application/json' }),
    ...(ifMatch !== undefined && { 'if-match': ifMatch }),
  };
  const init = body ? { method, headers, body: JSON.stringify(body) } : { headers };
  const answer = await fetch(new URL(path, url), { ...init, signal: signal ?? null }).catch((error: Error) => {
    signal?.throwIfAborted();
    throw new Error(`Nothing answers at ${url}`, { cause: error.cause });
  });
  if (answer.ok) return answer;
  const problem = Problem.safeParse(await answer.json().catch(() => undefined));
  if (problem.success) throw new Refusal(problem.data.detail, problem.data);
  throw new Refusal(`${url} answered ${answer.status}`, { status: answer.status });
}

/** Asks a service's operator API and reads the answer whole. Throws as open does, and a sentence for what is not by contract. */
export async function call<Schema extends z.ZodType>(
  api: OperatorApi,
  { schema, ...question }: Question & { schema: Schema },
): Promise<z.infer<Schema>> {
  const answer = await open(api, question);
  return await readAnswer(answer, { schema, from: api.url, signal: question.signal });
}

/** An answer that was opened, read whole. Throws a sentence when it cannot be, or is not by contract. */
export async function readAnswer<Schema extends z.ZodType>(
  answer: Response,
  { schema, from, signal }: { schema: Schema; from: string; signal?: AbortSignal | undefined },
): Promise<z.infer<Schema>> {
  const said: unknown = await answer.json().catch((error: Error) => {
    signal?.throwIfAborted();
    throw new Error(`The answer of ${from} cannot be read`, { cause: error });
  });
  return readByContract(said, { schema, from });
}

/** What was answered, by its contract. Throws one sentence. */
export function readByContract<Schema extends z.ZodType>(
  said: unknown,
  { schema, from }: { schema: Schema; from: string },
): z.infer<Schema> {
  const parsed = schema.safeParse(said);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${from} did not answer by contract: ${issue?.path.join('.')}: ${issue?.message}`);
}

/** The bytes of an answer as they come. Throws a sentence when they end before the answer does. */
export async function* bytesOf(answer: Response, { signal }: { signal?: AbortSignal | undefined } = {}) {
  try {
    for await (const chunk of answer.body ?? []) yield chunk as Uint8Array;
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error('The connection ended before the answer was whole', { cause: (error as Error).cause });
  }
}
