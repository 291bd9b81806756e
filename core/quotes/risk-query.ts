import type { OsagoRisk } from '#contracts/quote.ts';

/** The canonical risk as the query of a quote, so that a client can ask for it again. */
export function riskQuery(risk: OsagoRisk): string {
  const drivers =
    risk.drivers === 'unlimited'
      ? 'unlimited'
      : risk.drivers.map((driver) => `${driver.age}:${driver.experience}`).join(',');
  const entries = Object.entries({ ...risk, drivers }).map(([name, value]) => [name, String(value)]);
  return new URLSearchParams(entries).toString();
}
