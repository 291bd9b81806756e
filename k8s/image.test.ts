import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { imageFiles } from './image-files.ts';

const root = join(import.meta.dirname, '..');
const files = new Set(imageFiles(root));
const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** What Kubernetes starts. */
const ENTRIES = [
  'edge/node.ts',
  'core/main.ts',
  'settlement/main.ts',
  'aggregator/main.ts',
  // By its configuration the aggregator loads an adapter for each insurer.
  ...['volga', 'don', 'ural', 'lena', 'baikal'].map((insurer) => `aggregator/insurers/${insurer}.ts`),
  'platform/postgres/provision.ts',
  'local/insurers/main.ts',
  'local/upstash/main.ts',
  'k8s/scaletest/app.ts',
];
/** Loaded only by who asks for a mock, which nobody does in a cluster. */
const NEVER_LOADED = ['local/upstash/mock-backend.ts'];

const IMPORT =
  /^(?:import|export)(?<type> type)? (?:[\w$]+|\*(?: as \w+)?|(?:[\w$]+, )?\{[^}]*\}) from '(?<from>[^']+)'|^import '(?<bare>[^']+)'|import\('(?<late>[^']+)'\)/gm;

/** The files and packages that a file loads when it runs. */
function loads(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8');
  return [...text.matchAll(IMPORT)]
    .filter(({ groups }) => !groups?.['type'])
    .map(({ groups }) => groups?.['from'] ?? groups?.['bare'] ?? (groups?.['late'] as string))
    .filter((name) => !name.startsWith('node:'))
    .map((name) => resolve(name, path))
    .filter((name) => !NEVER_LOADED.includes(name));
}

function resolve(name: string, from: string): string {
  if (name.startsWith('#contracts/')) return name.replace('#contracts', 'core/contracts');
  if (name.startsWith('#platform/')) return name.replace('#platform', 'platform');
  return name.startsWith('.') ? join(dirname(from), name) : `npm:${name}`;
}

function loadedFrom(entries: readonly string[]): Set<string> {
  const seen = new Set<string>(entries);
  for (const path of seen) if (path.endsWith('.ts')) for (const each of loads(path)) seen.add(each);
  return seen;
}

describe('the image', () => {
  const loaded = [...loadedFrom(ENTRIES)];

  it('holds every file that an entry loads', () => {
    const own = loaded.filter((name) => !name.startsWith('npm:'));
    expect(own.length).toBeGreaterThan(200);
    expect(own.filter((name) => !files.has(name))).toEqual([]);
  });

  it('holds every package that an entry loads: it has no development packages', () => {
    const packages = loaded
      .filter((name) => name.startsWith('npm:'))
      .map((name) => /^npm:(@[^/]+\/[^/]+|[^/]+)/.exec(name)?.[1] as string);
    expect(packages).toContain('hono');
    expect([...new Set(packages)].filter((name) => !(name in dependencies))).toEqual([]);
  });

  it('holds the migrations of each service', () => {
    for (const service of ['core', 'settlement', 'aggregator'])
      expect([...files]).toContain(`${service}/migrations/meta/_journal.json`);
  });

  it('holds no test, no text, no manifest, no secret and nothing of how the product is built', () => {
    const built =
      /\.(test|testing|conformance)\.ts$|\/testing\.ts$|\.(md|ya?ml|py|sh|env|jsonc)$|^(load|local\/[^/]+\.ts|k8s\/(?!scaletest\/[\w-]+\.ts$)|\.)/;
    expect([...files].filter((name) => built.test(name))).toEqual([]);
    expect([...files].filter((name) => !name.includes('/')).sort()).toEqual(['package-lock.json', 'package.json']);
  });
});
