import { describe, expect, it } from 'vitest';
import type { Command } from './backend.ts';
import { createScriptBook, sha1, withoutKeyLocking } from './scripts.ts';

describe('withoutKeyLocking', () => {
  it.each([
    ['#!lua flags=allow-key-locking\nreturn 1', '\nreturn 1'],
    ['#!lua flags=no-writes,allow-key-locking\nreturn 1', '#!lua flags=no-writes\nreturn 1'],
    ['#!lua flags=allow-key-locking,no-writes,allow-oom\n', '#!lua flags=no-writes,allow-oom\n'],
    ['#!lua flags=allow-key-locking', ''],
  ])('takes that flag alone out of %j', (script, sent) => expect(withoutKeyLocking(script)).toBe(sent));

  it.each(['return 1', '#!lua\nreturn 1', '#!lua flags=no-writes\nreturn 1', ' #!lua flags=allow-key-locking\n', ''])(
    'leaves %j as it is',
    (script) => expect(withoutKeyLocking(script)).toBe(script),
  );
});

describe('createScriptBook', () => {
  const locking = '#!lua flags=allow-key-locking\nreturn 1';
  const sent = '\nreturn 1';

  it.each(['EVAL', 'eval', 'EVAL_RO'])("%s sends Redis' text, and teaches the SHA-1 of the client's", (name) => {
    const book = createScriptBook();
    expect(book.toRedis([name, locking, '1', 'k', 'v'])).toEqual([name, sent, '1', 'k', 'v']);
    expect(book.toRedis(['EVALSHA', sha1(locking), '1', 'k'])).toEqual(['EVALSHA', sha1(sent), '1', 'k']);
    expect(book.toRedis(['evalsha_ro', sha1(locking).toUpperCase(), '0'])).toEqual(['evalsha_ro', sha1(sent), '0']);
  });

  it('SCRIPT LOAD and EXISTS speak of the text that the client has', () => {
    const book = createScriptBook();
    const load: Command = ['script', 'load', locking];
    expect(book.toRedis(load)).toEqual(['script', 'load', sent]);
    expect(book.toClient(load, Buffer.from(sha1(sent)))).toBe(sha1(locking));
    expect(book.toRedis(['SCRIPT', 'EXISTS', 'other', sha1(locking)])).toEqual([
      'SCRIPT',
      'EXISTS',
      'other',
      sha1(sent),
    ]);
  });

  it('passes on what it does not know, and what is no script', () => {
    const book = createScriptBook();
    const commands: Command[] = [
      ['EVALSHA', sha1(locking), '0'],
      ['EVAL'],
      ['SCRIPT', 'LOAD'],
      ['SCRIPT', 'FLUSH', 'ASYNC'],
      ['SET', 'EVAL', locking],
      ['GET', 'a'],
    ];
    for (const command of commands) expect(book.toRedis(command)).toEqual(command);
    expect(book.toClient(['GET', 'a'], 'value')).toBe('value');
  });
});
