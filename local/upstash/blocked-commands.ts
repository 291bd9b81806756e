import type { Command } from './backend.ts';

const words = (text: string) => text.split(' ');

const BLOCKED = new Set([
  // Of a connection: requests share one, and none of them owns it.
  ...words('AUTH HELLO SELECT QUIT RESET CLIENT ASKING READONLY READWRITE MULTI EXEC DISCARD WATCH UNWATCH'),
  // Waiting: they would hold up every other request.
  ...words('SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE MONITOR SYNC PSYNC WAIT WAITAOF'),
  ...words('BLPOP BRPOP BRPOPLPUSH BLMOVE BLMPOP BZPOPMIN BZPOPMAX BZMPOP'),
  // Of the server, which is the provider's.
  ...words(
    'ACL BGREWRITEAOF BGSAVE CLUSTER COMMAND CONFIG DEBUG FAILOVER LASTSAVE LATENCY LOLWUT MEMORY MIGRATE MODULE',
  ),
  ...words('PFDEBUG PFSELFTEST REPLCONF REPLICAOF RESTORE RESTORE-ASKING ROLE SAVE SHUTDOWN SLAVEOF SLOWLOG SWAPDB'),
]);

const SCRIPT_SUBCOMMANDS = new Set(['LOAD', 'EXISTS', 'FLUSH']);

/** Why the REST API does not take a command, in Upstash's words; undefined when it does. */
export function refusalOf([name, ...args]: Command): string | undefined {
  const command = name.toUpperCase();
  const first = args[0]?.toUpperCase() ?? '';
  if (BLOCKED.has(command)) return notAvailable(name);
  if (command === 'SCRIPT' && !SCRIPT_SUBCOMMANDS.has(first)) return notAvailable(`${name} ${args[0] ?? ''}`.trim());
  if (waitsForEntries(command, args)) return notAvailable(`${name} BLOCK`);
  return undefined;
}

const notAvailable = (what: string) => `ERR Command is not available: '${what}'`;

/** BLOCK stands before the names of the streams; after them it is a name. */
function waitsForEntries(command: string, args: readonly string[]): boolean {
  if (command !== 'XREAD' && command !== 'XREADGROUP') return false;
  const options = args.map((argument) => argument.toUpperCase());
  const streams = options.indexOf('STREAMS');
  return options.slice(command === 'XREADGROUP' ? 3 : 0, streams < 0 ? undefined : streams).includes('BLOCK');
}
