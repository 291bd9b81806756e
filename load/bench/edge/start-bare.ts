import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../../local/free-port.ts';
import type { Fixed } from './bare-process.ts';
import type { Bundle } from './bundle-worker.ts';
import type { Answer } from './read-answer.ts';
import { CPU, node, type Running, startProgram } from './start-program.ts';
import { startWorkerd } from './start-workerd.ts';

/** What every server writes by itself. */
const OF_THE_CONNECTION = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding']);

interface Bare {
  /** What it answers, whatever is asked. */
  readonly answer: Answer;
  readonly folder: string;
  readonly signal: AbortSignal;
}

type Served = Running & { readonly url: string };

/** The answer in a file, as programs of Node read it. */
export async function writeFixed({ answer, folder }: Omit<Bare, 'signal'>): Promise<string> {
  const file = join(folder, 'fixed.json');
  const headers = { ...fixedHeaders(answer), 'content-length': String(answer.body.length) };
  await writeFile(file, JSON.stringify({ headers, body: answer.body.toString('base64') } satisfies Fixed));
  return file;
}

/** What a server is told to write. */
export const fixedHeaders = ({ headers }: Answer): Record<string, string> =>
  Object.fromEntries(headers.filter(([name]) => !OF_THE_CONNECTION.has(name)));

/** node:http that answers with the same bytes. */
export async function startBareNode(bare: Bare & { readonly cpu?: string }): Promise<Served> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = node('load/bench/edge/bare-process.ts', await writeFixed(bare), String(port));
  const { cpu = CPU.measured, signal } = bare;
  return { ...(await startProgram({ name: 'bare Node', ...program, cpu, readyUrl: url, signal })), url };
}

/** workerd, with the day and the flags of the edge's bundle, that answers with the same bytes. */
export async function startBareWorkerd({ answer, folder, signal }: Bare, like: Bundle): Promise<Served> {
  const at = await mkdtemp(join(folder, 'bare-'));
  const file = join(at, 'worker.js');
  await writeFile(join(at, 'body.bin'), answer.body);
  const headers = JSON.stringify(fixedHeaders(answer));
  await writeFile(
    file,
    `import BYTES from 'body.bin';\nconst headers = ${headers};\nexport default { fetch() { return new Response(BYTES, { headers }); } };\n`,
  );
  return startWorkerd({ name: 'bare workerd', bundle: { ...like, file }, data: 'body.bin', signal });
}
