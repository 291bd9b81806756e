import { expect, test } from 'vitest';
import { rub } from '#contracts/money.ts';
import { closeAllRegisters, closeRegister } from './close-register.ts';
import { runVerb } from './run-verb.ts';
import { createStand, refuse, thin, totalsOf } from './stand.testing.ts';

const DIGEST = 'ab'.repeat(32);
const closed = (insurer: string, overrides: object = {}) =>
  Response.json({
    ...{ insurer, period: '2026-11', status: 'closed', closedAt: '2026-12-01T00:05:00.000Z', closedBy: 'anna' },
    ...{ digest: DIGEST, totals: totalsOf(1_000) },
    ...overrides,
  });
const ASKED = { insurer: 'volga', period: '2026-11', force: false, by: 'anna' };
const NOT_READY = [
  { field: 'period', message: 'the month is not over' },
  { field: 'dead-letters', message: '2 wait' },
];

test('R13 closing says the digest, the totals, who and when', async () => {
  await using stand = await createStand(() => closed('volga'));
  expect(await closeRegister(stand.ctx, ASKED)).toBe(0);
  expect((await stand.output()).split('\n')).toEqual(
    [
      'The register of volga for 2026-11 is closed, at 2026-12-01T00:05:00.000Z by anna.',
      `SHA-256 of its CSV: ${DIGEST}`,
      'lines        premium    commission    to transfer',
      '1,000  12_345_670.00  1_851_850.00  10_493_820.00',
      '',
    ].map(thin),
  );
  const [asked] = stand.asked;
  expect([asked?.what, asked?.body]).toEqual(['POST /v1/registers/volga/2026-11/close', { force: false, by: 'anna' }]);
  expect(stand.progress.map((say) => say())).toEqual(['closing volga 2026-11 ... 0 s']);
});

test('R13 closing by force sends the reason and says what it was forced over', async () => {
  const forced = { reason: 'audit', findings: ['the month is not over', '2 dead letters wait'] };
  await using stand = await createStand(() => closed('volga', { forced }));
  expect(await closeRegister(stand.ctx, { ...ASKED, force: true, reason: 'audit' })).toBe(0);
  expect((await stand.output()).trimEnd().split('\n').slice(-3)).toEqual([
    'It was forced, because "audit", over:',
    '  the month is not over',
    '  2 dead letters wait',
  ]);
  expect(stand.asked[0]?.body).toEqual({ force: true, reason: 'audit', by: 'anna' });
});

test('R13 a register that is not ready is its sentence, and each error on a line of its own', async () => {
  await using stand = await createStand(() => refuse('register-not-ready', NOT_READY));
  await expect(runVerb(stand.ctx, { form: 'close', ...ASKED })).rejects.toThrow(
    /^The register cannot be closed yet\n {2}period: the month is not over\n {2}dead-letters: 2 wait$/,
  );
});

const accounts = ['income:commission:ural', 'insurer:ural:payable', 'insurer:volga:payable', 'partner:alfa:payable'];
const withAccounts = (answer: (what: string) => Response) =>
  createStand(({ what }) =>
    what === 'GET /v1/ledger/accounts'
      ? Response.json({ accounts: accounts.map((id) => ({ id, balance: rub(0) })) })
      : answer(what),
  );

test('R13 close --all closes for every insurer of the ledger, a row each, and 1 when one is refused', async () => {
  await using stand = await withAccounts((what) =>
    what.includes('ural') ? refuse('register-not-ready', NOT_READY) : closed('volga'),
  );
  expect(await closeAllRegisters(stand.ctx, { all: true, period: '2026-11', by: 'anna' })).toBe(1);
  expect((await stand.output()).trimEnd().split('\n')).toEqual(
    [
      'insurer  register  lines        premium    commission    to transfer  SHA-256 of its CSV, or why not',
      'ural     refused                                                      the month is not over; 2 wait',
      `volga    closed    1,000  12_345_670.00  1_851_850.00  10_493_820.00  ${DIGEST}`,
    ].map(thin),
  );
  expect(stand.asked.map(({ what }) => what).slice(1)).toEqual([
    'POST /v1/registers/ural/2026-11/close',
    'POST /v1/registers/volga/2026-11/close',
  ]);
  expect(stand.asked[1]?.body).toEqual({ force: false, by: 'anna' });
});

test('close --all says what it did before something broke', async () => {
  await using stand = await withAccounts((what) => (what.includes('ural') ? closed('ural') : refuse('internal')));
  await expect(closeAllRegisters(stand.ctx, { all: true, period: '2026-11' })).rejects.toThrow('Internal error');
  expect(await stand.output()).toContain(DIGEST);
});

test('close --all is 0 when all are closed, and when there is no insurer', async () => {
  await using all = await withAccounts((what) => closed(what.includes('ural') ? 'ural' : 'volga'));
  expect(await closeAllRegisters(all.ctx, { all: true, period: '2026-11' })).toBe(0);
  await using none = await createStand(() => Response.json({ accounts: [] }));
  expect(await closeAllRegisters(none.ctx, { all: true, period: '2026-11' })).toBe(0);
  expect(await none.output()).toBe('No insurer had an operation yet.\n');
});
