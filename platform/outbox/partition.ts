/** The partition of an aggregate: FNV-1a (32 bits) of its id, modulo `partitions`. Never changes for an id. */
export function partitionOf(aggregateId: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(aggregateId)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0) % partitions;
}
