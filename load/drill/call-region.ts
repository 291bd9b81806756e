import { randomUUID } from 'node:crypto';
import { base64url } from 'jose';
import { HOP_HEADER } from '#contracts/hop.ts';
import { signHop } from '../../edge/forward/sign-hop.ts';
import { PARTNER } from './plan-region.ts';

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly idempotencyKey?: string;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Long enough for a database that recovers, ms. */
const TIMEOUT_MS = 12_000;

/** Calls core as edge does, signed on behalf of the drill's partner. Rejects when there is no answer. */
export function callerOf(hopKey: string): (baseUrl: string, call: Call) => Promise<Answer> {
  const signing = { config: { HOP_KEY: base64url.decode(hopKey) }, now: Date.now } as Parameters<typeof signHop>[0];
  return async (baseUrl, { method, path, idempotencyKey, body }) => {
    const bytes = body === undefined ? undefined : new Uint8Array(Buffer.from(body));
    const requestId = randomUUID();
    const hop = await signHop(signing, { method, path, body: bytes, partner: PARTNER.id, requestId });
    const answer = await fetch(baseUrl + path, {
      method,
      headers: {
        [HOP_HEADER]: hop,
        'x-request-id': requestId,
        ...(bytes && { 'content-type': 'application/json' }),
        ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
      },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(bytes && { body: bytes }),
    });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
}
