import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';

const SCRIPT = join(import.meta.dirname, 'archive-wal.sh');
const NAME = '000000010000000000000001';
const CONTENTS = Buffer.alloc(100_000, 'what happened');

let folder: string;
let source: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'insuretech-archive-'));
  source = join(folder, NAME);
  mkdirSync(join(folder, 'log'));
  writeFileSync(source, CONTENTS);
});
afterEach(() => rmSync(folder, { recursive: true }));

const target = () => join(folder, 'log', NAME);
const archive = (path = process.env['PATH']) =>
  spawnSync('/bin/sh', [SCRIPT, source, target()], { encoding: 'utf8', env: { PATH: path } });
const archived = () => readdirSync(join(folder, 'log'));
const contents = () => gunzipSync(readFileSync(`${target()}.gz`));

/** A program of that name comes first, and does this. */
function instead(program: string, script: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, program), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, program), 0o755);
  return `${bin}:${process.env['PATH']}`;
}

test('R2 a file of the log is archived whole, under its name, and nothing else is left there', () => {
  expect(archive()).toMatchObject({ status: 0, stderr: '' });
  expect(archived()).toEqual([`${NAME}.gz`]);
  expect(contents().equals(CONTENTS)).toBe(true);
});

test('R2 the same file again, as after a crash before Postgres was told, is done already', () => {
  archive();
  expect(archive()).toMatchObject({ status: 0, stderr: '' });
  expect(archived()).toEqual([`${NAME}.gz`]);
});

test('R2 a file that is archived is never overwritten, and whoever tries is told', () => {
  archive();
  writeFileSync(source, 'another life');
  const { status, stderr } = archive();
  expect(status).toBe(1);
  expect(stderr).toContain(`${target()}.gz is there with other contents`);
  expect(contents().equals(CONTENTS)).toBe(true);
});

test.each([
  ['packing it', 'gzip', 'head -c 5000 /dev/zero; exit 1'],
  ['bringing it to disk', 'sync', 'exit 1'],
])('R2 a failure in %s leaves nothing under its name, and Postgres keeps its file', (_, program, script) => {
  expect(archive(instead(program, script)).status).not.toBe(0);
  expect(archived()).toEqual([]);
  expect(archive().status).toBe(0);
  expect(existsSync(source)).toBe(true);
});

test('R2 a process killed half way leaves nothing under its name, and is no obstacle to the next', () => {
  archive(instead('gzip', 'head -c 5000 /dev/zero; kill -9 $PPID'));
  expect(archived().filter((name) => name.endsWith('.gz'))).toEqual([]);
  expect(archive()).toMatchObject({ status: 0 });
  expect(contents().equals(CONTENTS)).toBe(true);
});

test('R2 a folder that takes no hard links is said to be that', () => {
  const { status, stderr } = archive(instead('ln', 'exit 1'));
  expect(status).toBe(1);
  expect(stderr).toContain('its folder must take hard links');
});
