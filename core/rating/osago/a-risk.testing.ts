import type { OsagoRisk } from '#contracts/risk.ts';

/** For tests: a car of an individual in Moscow with one grown driver; what a test is about is changed in it. */
export const RISK: OsagoRisk = {
  category: 'B',
  owner: 'individual',
  use: 'personal',
  subject: 'Москва',
  locality: 'Москва',
  kbm: '4',
  drivers: [{ age: 40, experience: 20 }],
  powerHp: 100,
  months: 12,
  startsOn: '2026-12-01',
};
