const CHUNK_BYTES = 65_536;
const XML_DECLARATION = /^\s*<\?xml[^>]*\?>\s*/;

/**
 * One well-formed document of a reply, JSON or XML, over and over: at least `leastBytes` in chunks of about 64 KiB. The
 * same chunk is yielded again and again, so that no more than one is ever held.
 */
export function* repeatReply(reply: string, leastBytes: number): Generator<Uint8Array, void, undefined> {
  const { head, again, tail } = reply.trimStart().startsWith('<') ? xml(reply) : json(reply);
  const chunk = Buffer.from(again.repeat(Math.ceil(CHUNK_BYTES / again.length)));
  yield Buffer.from(head);
  for (let bytes = 0; bytes < leastBytes; bytes += chunk.byteLength) yield chunk;
  yield Buffer.from(tail);
}

const json = (reply: string) => ({ head: `[${reply}`, again: `,${reply}`, tail: ']' });

function xml(reply: string) {
  const again = reply.replace(XML_DECLARATION, '');
  return { head: '<?xml version="1.0" encoding="UTF-8"?>\n<replies>', again, tail: '</replies>' };
}
