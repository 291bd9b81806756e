import { request } from 'node:http';

export interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Asked {
  readonly address: string;
  readonly port: number;
  /** As clients name it. */
  readonly host: string;
}

/** Nobody who buys waits for longer before he tries again, ms. */
const PATIENCE_MS = 2_000;

/** Asks one address as somebody new: over a connection of its own. Rejects when there is no whole answer in time. */
export function ask(
  asked: Asked,
  { method, path, headers, body }: Question,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        ...{ host: asked.address, port: asked.port, method, path, agent: false },
        headers: { ...headers, host: asked.host },
        signal: AbortSignal.timeout(PATIENCE_MS),
      },
      (incoming) => {
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => {
          text += chunk;
        });
        incoming.once('error', reject);
        incoming.once('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
      },
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}
