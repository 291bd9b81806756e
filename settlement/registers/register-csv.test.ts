import { expect, test } from 'vitest';
import { rub } from '#contracts/money.ts';
import type { RegisterLine } from '#contracts/register.ts';
import { CSV_HEADER, csvRows } from './register-csv.ts';

const line: RegisterLine = {
  line: 1,
  product: 'osago',
  policyNumber: 'MSK-0000001001',
  contractDate: '2026-11-22T10:00:00.000Z',
  startsOn: '2026-12-01',
  endsOn: '2027-11-30',
  premium: rub(1_234_567),
  currency: 'RUB',
  commissionRateBps: 1_500,
  commission: rub(5),
  toTransfer: rub(1_234_562),
  partner: 'alfa',
  operation: 'issued',
  earlierPolicy: null,
  comment: '',
  tariffVersion: 4,
};
const csvOf = (...lines: RegisterLine[]) => `${CSV_HEADER}${csvRows(lines)}`;
/** Fixed: the digest of a closed register is that of this text, also in a later release. */
const HEADER =
  'line,product,policyNumber,contractDate,startsOn,endsOn,premium,currency,commissionRateBps,commission,toTransfer,partner,operation,earlierPolicy,comment,tariffVersion\r\n';

test('R13 registerCsv writes the fields of the JSON line, money in roubles to the kopeck', () => {
  expect(csvOf(line)).toBe(
    `${HEADER}1,osago,MSK-0000001001,2026-11-22T10:00:00.000Z,2026-12-01,2027-11-30,12345.67,RUB,1500,0.05,12345.62,alfa,issued,,,4\r\n`,
  );
});

test('R13 registerCsv of no lines is its header', () => {
  expect(csvOf()).toBe(HEADER);
});

test('registerCsv does not depend on the order of the fields of a line', () => {
  const reversed = Object.fromEntries(Object.entries(line).reverse()) as RegisterLine;
  expect(csvOf(reversed)).toBe(csvOf(line));
});

test('registerCsv quotes as RFC 4180 says: comma, quote, line break', () => {
  expect(csvOf({ ...line, policyNumber: 'a,"b"\r\nc' })).toContain(',"a,""b""\r\nc",');
});

test.each(['=1+1', '+7', '-1', '@x', '\t=1', '\r=1', '\n=1'])('registerCsv defuses a formula: %j', (policyNumber) => {
  expect(csvOf({ ...line, policyNumber })).toMatch(/,"?'[=+\-@\t\r\n]/);
});

test('R13 registerCsv keeps the negative amounts of a cancellation numbers', () => {
  const taken = { premium: rub(-1_205), commission: rub(-5), toTransfer: rub(-1_200) };
  const about = {
    operation: 'cancelled',
    earlierPolicy: line.policyNumber,
    comment: 'cancelled on 2026-12-05',
  } as const;
  expect(csvOf({ ...line, ...about, ...taken })).toContain(
    '1,osago,MSK-0000001001,2026-11-22T10:00:00.000Z,2026-12-01,2027-11-30,-12.05,RUB,1500,-0.05,-12.00,alfa,cancelled,MSK-0000001001,cancelled on 2026-12-05,4',
  );
});
