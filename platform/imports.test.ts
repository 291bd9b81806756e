import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const OWN = "A service's files are its own: what goes over a wire is in #contracts/*, what all share in #platform/*.";
const EDGE = 'The edge runs on workerd and Deno too: what needs Node belongs in edge/node.ts.';
const CONTRACTS = 'The contracts are for every service and runtime: they import zod and one another, nothing else.';

const from = (specifier: string) => `import { thing } from '${specifier}';\n\nthing();\n`;
const firstLine = (source: string) => source.split('\n', 1)[0];
const ENV = "export const home = process.env['HOME'];\n";

/** Where, what, and the sentence that refuses it. */
const REFUSED: [file: string, source: string, message: string][] = [
  ['core/a.ts', from('../settlement/main.ts'), OWN],
  ['core/a/b/c.ts', from('../../../edge/app.ts'), OWN],
  ['core/type.ts', "import type { Thing } from '../aggregator/context.ts';\n\nexport type Mine = Thing;\n", OWN],
  ['core/again.ts', "export * from '../local/environments.ts';\n", OWN],
  ['core/later.ts', "export const { thing } = await import('../edge/app.ts');\n", OWN],
  ['settlement/a.ts', from('../core/contracts/events.ts'), OWN],
  ['settlement/a/b.ts', from('../../aggregator/poll.ts'), OWN],
  ['aggregator/a.ts', from('../core/catalogue/table.ts'), OWN],
  ['aggregator/a/b.ts', from('../../local/insurers/app.ts'), OWN],
  ['edge/a.ts', from('../core/quotes/route.ts'), OWN],
  ['edge/node.ts', from('../settlement/app.ts'), OWN],
  ['platform/a.ts', from('../core/schema.ts'), OWN],
  ['platform/a/b.ts', from('../../local/postgres.ts'), OWN],
  ['edge/file.ts', from('node:fs'), EDGE],
  ['edge/file/promises.ts', from('node:fs/promises'), EDGE],
  ['edge/kafka.ts', from('kafkajs'), EDGE],
  ['edge/table.ts', from('drizzle-orm/pg-core'), EDGE],
  ['edge/sql.ts', from('postgres'), EDGE],
  ['edge/log.ts', from('pino'), EDGE],
  ['edge/metrics.ts', from('prom-client'), EDGE],
  ['edge/serve.ts', from('#platform/lifecycle/serve.ts'), EDGE],
  ['edge/outbox.ts', from('#platform/outbox/relay.ts'), EDGE],
  ['edge/logger.ts', from('#platform/telemetry/log.ts'), EDGE],
  ['core/contracts/file.ts', from('node:fs'), CONTRACTS],
  ['core/contracts/table.ts', from('drizzle-orm'), CONTRACTS],
  ['core/contracts/app.ts', from('hono'), CONTRACTS],
  ['core/contracts/own.ts', from('../rating/decimal.ts'), CONTRACTS],
  ['core/contracts/shared.ts', from('#platform/problem/domain-error.ts'), CONTRACTS],
  ['core/bare.ts', from('fs'), 'A Node.js builtin module should be imported with the node: protocol.'],
  ['core/policies/env.ts', ENV, "Don't use process.env."],
  ['platform/env.ts', ENV, "Don't use process.env."],
];

const ALLOWED: [file: string, source: string][] = [
  ['core/a.ts', from('./policies/settlement-terms.ts')],
  ['core/policies/a.ts', from('../contracts/events.ts')],
  ['settlement/a.ts', from('#contracts/events.ts')],
  ['settlement/a.db.test.ts', from('../aggregator/poll.ts')],
  ['aggregator/a.test.ts', from('../local/insurers/app.ts')],
  ['platform/postgres/testing.ts', from('../../local/test-cluster.ts')],
  ['local/a.ts', from('../core/main.ts')],
  ['edge/a.ts', from('#platform/lifecycle/health.ts')],
  ['edge/quotes/a.ts', from('#platform/telemetry/trace.ts')],
  ['edge/forward/a.ts', from('#platform/tracing/tracer.ts')],
  ['edge/node.ts', from('node:fs')],
  ['edge/fake-core.testing.ts', from('node:http')],
  ['core/contracts/a.ts', from('zod')],
  ['core/contracts/b.ts', from('./money.ts')],
  ['core/config.ts', ENV],
  ['core/main.ts', ENV],
  ['core/a.test.ts', ENV],
];

interface Diagnostic {
  readonly message: string;
  readonly location: { readonly path: string };
}

/** Lints sources laid out in a folder of their own by the rules of this tree. Biome's stdin mode names no diagnostics. */
function lint(sources: readonly (readonly [file: string, source: string, ...rest: string[]])[]) {
  const folder = mkdtempSync(join(tmpdir(), 'insuretech-imports-'));
  folders.push(folder);
  copyFileSync(join(ROOT, 'biome.json'), join(folder, 'biome.json'));
  for (const [file, source] of sources) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), source);
  }
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
  const options = ['--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', '--error-on-warnings'];
  const { status, stdout } = spawnSync(process.execPath, [biome, 'lint', ...options, '.'], { cwd: folder });
  const { diagnostics } = JSON.parse(String(stdout)) as { diagnostics: Diagnostic[] };
  const found = Map.groupBy(diagnostics, ({ location }) => location.path);
  return { status, messages: (file: string) => (found.get(file) ?? []).map(({ message }) => message) };
}

const folders: string[] = [];
let refused: ReturnType<typeof lint>;
let allowed: ReturnType<typeof lint>;
beforeAll(() => {
  refused = lint(REFUSED);
  allowed = lint(ALLOWED);
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

describe('npm run verify', () => {
  test('fails when a file imports what its folder may not', () => {
    expect(refused.status).toBe(1);
  });

  for (const [file, source, message] of REFUSED) {
    test(`refuses in ${file}: ${firstLine(source)}`, () => {
      expect(refused.messages(file)).toEqual([message]);
    });
  }

  for (const [file, source] of ALLOWED) {
    test(`allows in ${file}: ${firstLine(source)}`, () => {
      expect(allowed.messages(file)).toEqual([]);
    });
  }

  test('passes when no file does', () => {
    expect(allowed.status).toBe(0);
  });
});

/** Modules that a file needs at run time, itself and what its own modules need included; `import type` is erased. */
function reach(entry: string): Set<string> {
  const reached = new Set<string>();
  const visit = (specifier: string, importer: string) => {
    const path = pathOf(specifier, importer);
    if (reached.has(path ?? specifier)) return;
    reached.add(path ?? specifier);
    if (!path || !existsSync(path)) return;
    const imports = readFileSync(path, 'utf8').matchAll(/^(?:import|export)(?! type)[^;]*?from '([^']+)'/gm);
    for (const [, next = ''] of imports) visit(next, path);
  };
  visit(join(ROOT, entry), ROOT);
  return reached;
}

function pathOf(specifier: string, importer: string): string | undefined {
  if (specifier.startsWith('#contracts/')) return join(ROOT, 'core', specifier.slice(1));
  if (specifier.startsWith('#platform/')) return join(ROOT, specifier.slice(1));
  return /^[./]/.test(specifier) ? resolve(dirname(importer), specifier) : undefined;
}

test.each(['edge/worker.ts', 'edge/deno.ts'])('%s needs nothing of Node, not even through platform/', (entry) => {
  const reached = [...reach(entry)];
  expect(reached).toContain(join(ROOT, 'edge/app.ts'));
  expect(reached).toContain('hono');
  const ofNode = /^(node:|@hono\/(node-server|prometheus)|kafkajs|drizzle-orm|postgres|pino|prom-client)/;
  expect(reached.filter((module) => ofNode.test(module))).toEqual([]);
});
