/**
 * What Hono's router asks of the platform's Headers and Response, and no more. Node's own come with all of undici, whose
 * 4 MB never go again: of a pod's 30Mi that is the difference between scaling in to one replica and staying at two.
 */
export class LeanHeaders {
  readonly #fields = new Map<string, string>();

  constructor(fields: LeanHeaders | Record<string, string | undefined> = {}) {
    const entries = fields instanceof LeanHeaders ? fields.entries() : Object.entries(fields);
    for (const [name, value] of entries) if (value !== undefined) this.append(name, value);
  }

  append(name: string, value: string): void {
    const before = this.get(name);
    this.set(name, before === null ? value : `${before}, ${value}`);
  }

  set(name: string, value: string): void {
    this.#fields.set(name.toLowerCase(), String(value));
  }

  get(name: string): string | null {
    return this.#fields.get(name.toLowerCase()) ?? null;
  }

  has(name: string): boolean {
    return this.#fields.has(name.toLowerCase());
  }

  delete(name: string): void {
    this.#fields.delete(name.toLowerCase());
  }

  entries(): MapIterator<[string, string]> {
    return this.#fields.entries();
  }

  [Symbol.iterator](): MapIterator<[string, string]> {
    return this.entries();
  }
}

type LeanInit = { status?: number; headers?: LeanHeaders | Record<string, string> };

/** A text and its status; there are no streams. */
export class LeanResponse {
  readonly body: string | null;
  readonly status: number;
  readonly headers: LeanHeaders;

  constructor(body: string | null = null, { status = 200, headers = {} }: LeanInit = {}) {
    this.body = body;
    this.status = status;
    this.headers = new LeanHeaders(headers);
    if (body !== null && !this.headers.has('content-type'))
      this.headers.set('content-type', 'text/plain;charset=UTF-8');
  }
}

/** Puts both in the place of Node's, for this process. To be called before anything asks for a Response. */
export function useLeanFetch(): void {
  Object.assign(globalThis, { Headers: LeanHeaders, Response: LeanResponse });
}
