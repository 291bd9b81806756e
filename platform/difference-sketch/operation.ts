/** What a sketch is made of: that a policy was issued or cancelled, and the kopecks that moved by it. */
export interface Operation {
  /** `{region}-{uuid}`, the uuid in small letters. */
  readonly policyId: string;
  readonly operation: 'issued' | 'cancelled';
  /** Like the commission, from 0 to 2^53 - 1. */
  readonly premiumMinor: number;
  readonly commissionMinor: number;
}

/** Bytes of an operation: the uuid, the kind, and each amount. The region is left out: both sides know it. */
export const OPERATION_BYTES = 33;

const KINDS = ['issued', 'cancelled'] as const;
const UUID_LENGTH = 36;
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;
const WORD = 2 ** 32;

/** Writes an operation into the first bytes. Throws when its policy's id has no uuid at its end, or an amount is none. */
export function writeOperation(bytes: Buffer, { policyId, operation, premiumMinor, commissionMinor }: Operation): void {
  const uuid = policyId.slice(-UUID_LENGTH);
  if (!UUID.test(uuid)) throw new Error(`"${policyId}" does not end in a uuid, so no sketch can hold it`);
  bytes.write(uuid.replaceAll('-', ''), 0, 'hex');
  bytes[16] = KINDS.indexOf(operation);
  writeAmount(bytes, premiumMinor, 17);
  writeAmount(bytes, commissionMinor, 25);
}

/** The operation that the first bytes are; undefined when they are none. */
export function readOperation(bytes: Buffer, { region }: { region: string }): Operation | undefined {
  const operation = KINDS[bytes[16] ?? KINDS.length];
  const [premiumMinor, commissionMinor] = [readAmount(bytes, 17), readAmount(bytes, 25)];
  if (!operation || premiumMinor === undefined || commissionMinor === undefined) return undefined;
  const uuid = bytes.toString('hex', 0, 16).replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
  return { policyId: `${region}-${uuid}`, operation, premiumMinor, commissionMinor };
}

function writeAmount(bytes: Buffer, amountMinor: number, at: number): void {
  if (!Number.isSafeInteger(amountMinor) || amountMinor < 0) throw new Error(`${amountMinor} is no amount in kopecks`);
  bytes.writeUInt32BE(Math.floor(amountMinor / WORD), at);
  bytes.writeUInt32BE(amountMinor % WORD, at + 4);
}

function readAmount(bytes: Buffer, at: number): number | undefined {
  const amountMinor = bytes.readUInt32BE(at) * WORD + bytes.readUInt32BE(at + 4);
  return Number.isSafeInteger(amountMinor) ? amountMinor : undefined;
}
