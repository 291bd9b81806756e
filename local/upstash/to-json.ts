import type { Outcome, Reply } from './backend.ts';

type Encoding = 'base64' | 'utf8';
type Json = null | number | string | Json[];

/** An outcome as it goes over the wire. In base64 each string of it, however deep, but an answer that is just `OK`. */
export function toJson(outcome: Outcome, encoding: Encoding): { result: Json } | { error: string } {
  if ('error' in outcome) return outcome;
  const { result } = outcome;
  const isOk = !isList(result) && String(result) === 'OK';
  return { result: isOk ? 'OK' : jsonOf(result, encoding) };
}

function jsonOf(reply: Reply, encoding: Encoding): Json {
  if (reply === null || typeof reply === 'number') return reply;
  if (isList(reply)) return reply.map((item) => jsonOf(item, encoding));
  if (Buffer.isBuffer(reply)) return reply.toString(encoding);
  // An error inside a list is what a script got from pcall and gave back.
  return Buffer.from(typeof reply === 'string' ? reply : reply.message).toString(encoding);
}

const isList = (reply: Reply): reply is readonly Reply[] => Array.isArray(reply);
