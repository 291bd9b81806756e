declare module 'cloudflare:workers' {
  /** What the worker under test exports: its `fetch` runs in the isolate of the test. */
  export const exports: { default: { fetch(url: string, init?: RequestInit): Promise<Response> } };
}
