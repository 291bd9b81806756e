import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/** Runs a service whose start is `start`, as a main does; what it prints on stdout is told as it comes. */
function run(start: string) {
  const source = `
    import { runService } from '#platform/lifecycle/service.ts';
    import { ConfigError } from '#platform/config/parse-env.ts';
    const say = (text) => process.stdout.write(text + '\\n');
    const running = setInterval(() => undefined, 60_000);
    const service = (dispose, done = new Promise(() => undefined)) =>
      ({ done, [Symbol.asyncDispose]: async () => { await dispose(); clearInterval(running); say('disposed'); } });
    await runService('some-service', async () => { ${start} });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    cwd: ROOT,
    env: {},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  let listener = () => {};
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (text: Buffer) => {
      said[name] += text;
      listener();
    });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...said }));
  const until = (text: string) =>
    new Promise<void>((done, fail) => {
      listener = () => said.stdout.includes(text) && done();
      listener();
      void ended.then(() => fail(new Error(`It ended without saying "${text}": ${said.stderr}`)));
    });
  return { ended, until, kill: (signal: NodeJS.Signals) => child.kill(signal) };
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s disposes the service and then ends the process with 0',
  async (signal) => {
    const service = run(`say('up'); return service(async () => say('disposing'));`);
    await service.until('up');
    service.kill(signal);
    expect(await service.ended).toEqual({ code: 0, stdout: 'up\ndisposing\ndisposed\n', stderr: '' });
  },
);

test('a second SIGINT does not cut the stop short: it is disposed once, and ends with 0', async () => {
  const service = run(`
    say('up');
    return service(async () => {
      say('disposing');
      await new Promise((resolve) => process.on('SIGINT', resolve));
    });`);
  await service.until('up');
  service.kill('SIGINT');
  await service.until('disposing');
  service.kill('SIGINT');
  expect(await service.ended).toEqual({ code: 0, stdout: 'up\ndisposing\ndisposed\n', stderr: '' });
});

test('a signal while it starts lets the start end, disposes what was started, and ends with 0', async () => {
  const service = run(`
    say('starting');
    await new Promise((resolve) => process.on('SIGTERM', resolve));
    return service(async () => undefined);`);
  await service.until('starting');
  service.kill('SIGTERM');
  expect(await service.ended).toEqual({ code: 0, stdout: 'starting\ndisposed\n', stderr: '' });
});

test('a configuration that is not valid is one sentence on stderr and 78 (EX_CONFIG)', async () => {
  const service = run(`throw new ConfigError('Configuration is not valid: PORT is missing.');`);
  expect(await service.ended).toEqual({
    code: 78,
    stdout: '',
    stderr: 'some-service: Configuration is not valid: PORT is missing.\n',
  });
});

test('a start that fails is one sentence with its cause, no stack, and 1', async () => {
  const service = run(`throw new Error('Port 1 is taken', { cause: new Error('EADDRINUSE') });`);
  expect(await service.ended).toEqual({
    code: 1,
    stdout: '',
    stderr: 'some-service: Port 1 is taken (EADDRINUSE)\n',
  });
});

test.each([
  ['rejects', `Promise.reject(new Error('the consumer died'))`, 'the consumer died'],
  ['ends by itself', `Promise.resolve()`, 'a part of it ended by itself'],
])('a part that %s ends the process with 1, after the rest was disposed', async (_what, done, sentence) => {
  const service = run(`return service(async () => undefined, ${done});`);
  expect(await service.ended).toEqual({ code: 1, stdout: 'disposed\n', stderr: `some-service: ${sentence}\n` });
});

test('a stop that fails does not end with 0', async () => {
  const service = run(`say('up'); return service(async () => { throw new Error('the pool hangs'); });`);
  await service.until('up');
  service.kill('SIGTERM');
  const { code, stderr } = await service.ended;
  expect(code).toBe(1);
  expect(stderr).toContain('the pool hangs');
});
