import { createHash } from 'node:crypto';
import type { Command, Reply } from './backend.ts';

/** Asks Upstash to lock only the script's keys. Redis runs one script at a time, and refuses a flag that it does not know. */
const UPSTASH_ONLY = 'allow-key-locking';

export const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');

/** A script as Redis takes it. The first line stays, empty if it says nothing else, so that errors name the right one. */
export function withoutKeyLocking(script: string): string {
  const [shebang = ''] = /^#!lua[^\n]*/.exec(script) ?? [];
  const flags = /flags=(\S*)/.exec(shebang)?.[1]?.split(',') ?? [];
  if (!flags.includes(UPSTASH_ONLY)) return script;
  const rest = flags.filter((flag) => flag !== UPSTASH_ONLY);
  return (rest.length > 0 ? `#!lua flags=${rest.join(',')}` : '') + script.slice(shebang.length);
}

/**
 * What clients know a script by is the SHA-1 of their text; Redis knows the text that it was sent. Only scripts that
 * differ are kept: a script that Redis has lost is answered NOSCRIPT by Redis itself.
 */
export function createScriptBook() {
  const shaInRedis = new Map<string, string>();
  const note = (text: string) => {
    const sent = withoutKeyLocking(text);
    if (sent !== text) shaInRedis.set(sha1(text), sha1(sent));
    return sent;
  };
  const shaOf = (sha: string) => shaInRedis.get(sha.toLowerCase()) ?? sha;
  return {
    toRedis(command: Command): Command {
      const [name, first = '', second = '', ...rest] = command;
      const arity = command.length - 1;
      if (/^EVAL(_RO)?$/i.test(name) && arity >= 1) return [name, note(first), ...command.slice(2)];
      if (/^EVALSHA(_RO)?$/i.test(name) && arity >= 1) return [name, shaOf(first), ...command.slice(2)];
      if (!/^SCRIPT$/i.test(name) || arity < 2) return command;
      if (/^LOAD$/i.test(first)) return [name, first, note(second), ...rest];
      if (/^EXISTS$/i.test(first)) return [name, first, shaOf(second), ...rest.map(shaOf)];
      return command;
    },
    toClient([name, first = '', second = '']: Command, reply: Reply): Reply {
      const isLoad = /^SCRIPT$/i.test(name) && /^LOAD$/i.test(first);
      return isLoad && reply !== null ? sha1(second) : reply;
    },
  };
}
