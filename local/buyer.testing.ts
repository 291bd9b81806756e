import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';

/** A partner who keeps the answers. */
export interface Buyer {
  readonly answers: Map<string, string>;
  /** The Idempotency-Keys used so far. */
  readonly keys: string[];
  get(path: string): Promise<void>;
  /** The body is sent as JSON, or as it is when it is a text already. */
  post<T>(status: number, path: string, body: object | string, options?: { key?: string; token?: string }): Promise<T>;
}

export function openBuyer(edge: string, token: string): Buyer {
  const answers = new Map<string, string>();
  const keys: string[] = [];
  const note = async (what: string, answer: Response) => {
    const text = await answer.text();
    answers.set(`answer ${answers.size + 1}, ${answer.status} to ${what}`, text + JSON.stringify([...answer.headers]));
    return text;
  };
  return {
    answers,
    keys,
    async get(path) {
      const answer = await fetch(edge + path, { headers: { authorization: `Bearer ${token}` } });
      expect(answer.status).toBe(200);
      await note(`GET ${path}`, answer);
    },
    async post<T>(status: number, path: string, body: object | string, options: { key?: string; token?: string } = {}) {
      const key = options.key ?? randomUUID();
      keys.push(key);
      const answer = await fetch(edge + path, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${options.token ?? token}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      const text = await note(`POST ${path}`, answer);
      expect(answer.status, text).toBe(status);
      return (text.startsWith('{') ? JSON.parse(text) : undefined) as T;
    },
  };
}
