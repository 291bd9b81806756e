import { expect, test } from 'vitest';
import { createLogger } from './log.ts';

/** A logger, and the lines it wrote. */
function logger(level = 'info') {
  const lines: string[] = [];
  const log = createLogger({ service: 'core-app', region: 'msk', level }, { write: (line) => lines.push(line) });
  return { log, lines };
}

test('every line is JSON with time, level, service and region', () => {
  const { log, lines } = logger();
  log.warn({ traceId: 'abc' }, 'said');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    level: 'warn',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    service: 'core-app',
    region: 'msk',
    traceId: 'abc',
    msg: 'said',
  });
});

const SECRET = 'never-to-be-seen';
test.each([
  { authorization: `Bearer ${SECRET}` },
  { headers: { authorization: `Bearer ${SECRET}` } },
  { holder: { fullName: SECRET } },
  { request: { holder: { fullName: SECRET } } },
  { config: { operatorToken: SECRET } },
  { err: Object.assign(new Error('breaks a constraint'), { detail: `Failing row contains (${SECRET})` }) },
  { err: Object.assign(new Error('breaks a constraint'), { where: SECRET }) },
])('secrets and the holder are cut out of a line: %j', (fields) => {
  const { log, lines } = logger();
  log.error(fields, 'failed');
  expect(lines[0]).toContain('[redacted]');
  expect(lines[0]).not.toContain(SECRET);
});

test('what is below the level is not written', () => {
  const { log, lines } = logger('error');
  log.info('quiet');
  expect(lines).toEqual([]);
});
