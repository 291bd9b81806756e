import { createHash, createSecretKey, randomUUID } from 'node:crypto';
import { HOP_HEADER, HOP_TTL_SECONDS } from '#contracts/hop.ts';
import { headerOf, signJws } from '../../../core/signatures/hs256.ts';

/** What a buyer sends for an offer. */
export interface Purchase {
  readonly token: string;
  readonly startsOn: string;
}

const PATH = '/v1/policies';
const HOLDER = { fullName: 'Анна Иванова', birthDate: '1990-05-17', phone: '+79991234567', email: 'anna@example.com' };

/** Requests as edge forwards them, byte by byte, each with an Idempotency-Key of its own. Good for 30 s. */
export function signRequests(hopKey: Uint8Array, purchases: readonly Purchase[], count: number): Buffer[] {
  const signing = { header: headerOf(), secret: createSecretKey(hopKey) };
  const iat = Math.floor(Date.now() / 1_000);
  return Array.from({ length: count }, (_, index) => {
    const { token, startsOn } = purchases[index % purchases.length] as Purchase;
    const body = Buffer.from(JSON.stringify({ offer: token, holder: HOLDER, startsOn }));
    const requestId = randomUUID();
    const hop = signJws(
      {
        method: 'POST',
        path: PATH,
        partner: 'alfa',
        requestId,
        bodyDigest: createHash('sha256').update(body).digest('base64url'),
        iat,
        exp: iat + HOP_TTL_SECONDS,
      },
      signing,
    );
    const head = [
      `POST ${PATH} HTTP/1.1`,
      'host: 127.0.0.1',
      'content-type: application/json',
      `content-length: ${body.length}`,
      `idempotency-key: ${randomUUID()}`,
      `x-request-id: ${requestId}`,
      `traceparent: 00-${requestId.replaceAll('-', '')}-00f067aa0ba902b7-01`,
      `${HOP_HEADER}: ${hop}`,
    ];
    return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
  });
}
