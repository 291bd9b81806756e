import { describe, expect, it } from 'vitest';
import type { Command } from './backend.ts';
import { refusalOf } from './blocked-commands.ts';

describe('refusalOf', () => {
  it.each([
    [['SUBSCRIBE', 'c'], 'SUBSCRIBE'],
    [['Monitor'], 'Monitor'],
    [['SHUTDOWN', 'NOSAVE'], 'SHUTDOWN'],
    [['config', 'SET', 'requirepass', ''], 'config'],
    [['DEBUG', 'SLEEP', '10'], 'DEBUG'],
    [['BLPOP', 'list', '0'], 'BLPOP'],
    [['MULTI'], 'MULTI'],
    [['SELECT', '1'], 'SELECT'],
    [['script', 'kill'], 'script kill'],
    [['SCRIPT'], 'SCRIPT'],
    [['XREAD', 'count', '1', 'block', '0', 'streams', 's', '$'], 'XREAD BLOCK'],
    [['XREADGROUP', 'GROUP', 'g', 'c', 'BLOCK', '0', 'STREAMS', 's', '>'], 'XREADGROUP BLOCK'],
  ] as [Command, string][])('refuses %j', (command, what) => {
    expect(refusalOf(command)).toBe(`ERR Command is not available: '${what}'`);
  });

  it.each([
    [['GET', 'config']],
    [['SET', 'a', 'SHUTDOWN']],
    [['Script', 'Load', 'return 1']],
    [['XREAD', 'STREAMS', 'block', '0']],
    [['XREADGROUP', 'GROUP', 'block', 'block', 'STREAMS', 's', '>']],
    [['PUBLISH', 'c', 'm']],
    [['INFO']],
    [['NONSENSE']],
  ] as [Command][])('lets %j through, for Redis to judge', (command) => expect(refusalOf(command)).toBeUndefined());
});
