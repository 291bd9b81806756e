import { createHash } from 'node:crypto';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { counted } from '../counted.ts';
import { bytesOf, open } from '../operator-call.ts';
import type { ExitCode } from '../terminal.ts';
import type { SettleContext } from './context.ts';
import type { Asked } from './forms.ts';
import { writeWhole } from './write-whole.ts';

/** A register's CSV as it is served, to a file or to where the command prints. Throws when it is not what was announced. */
export async function saveRegister(ctx: SettleContext, asked: Asked<'register'>): Promise<ExitCode> {
  const { out } = asked;
  if (out === undefined) ctx.note(await receive(ctx, asked, { to: ctx.stdout, end: false }));
  else ctx.note(`${out}: ${await writeWhole(out, (to) => receive(ctx, asked, { to, end: true }))}`);
  return 0;
}

/** Says what was received. */
async function receive(
  { settlement, signal, startProgress }: SettleContext,
  { insurer, period, bom }: Asked<'register'>,
  { to, end }: { to: Writable; end: boolean },
): Promise<string> {
  const hash = createHash('sha256');
  const seen = { bytes: 0, rows: 0 };
  const lines = () => counted(Math.max(0, seen.rows - 1), 'line');
  using _ = startProgress(() => `read ${lines()} ...`);
  const path = `/v1/registers/${insurer}/${period}${bom ? '?bom=true' : ''}`;
  const answer = await open(settlement, { path, accept: 'text/csv', signal });
  if (!answer.headers.get('content-type')?.startsWith('text/csv')) throw new Error(`${settlement.url} sent no CSV`);
  async function* watch(chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      seen.bytes += chunk.length;
      seen.rows += rowsEndedIn(chunk);
      yield chunk;
    }
  }
  await pipeline(bytesOf(answer, { signal }), watch, to, { end });
  const digest = hash.digest('hex');
  const announced = announcedDigest(answer.headers);
  if (announced !== undefined && announced !== digest)
    throw new Error(`What was received is not what settlement announced: its SHA-256 is ${digest}, not ${announced}`);
  const verified = announced === undefined ? 'settlement announced none' : 'as settlement announced';
  return `${lines()}, ${seen.bytes.toLocaleString('en')} bytes, SHA-256 ${digest}, ${verified}.`;
}

function rowsEndedIn(chunk: Uint8Array): number {
  let rows = 0;
  for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, at + 1)) rows++;
  return rows;
}

/** SHA-256 of `Repr-Digest` (RFC 9530), hex. */
function announcedDigest(headers: Headers): string | undefined {
  const base64 = /(?:^|[\s,])sha-256=:([A-Za-z0-9+/]+=*):/.exec(headers.get('repr-digest') ?? '')?.[1];
  return base64 && Buffer.from(base64, 'base64').toString('hex');
}
