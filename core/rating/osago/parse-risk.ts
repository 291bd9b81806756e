import type { OsagoRisk } from '#contracts/risk.ts';
import { type ParsedRisk, parseRisk, type RiskQuery } from '../parameters/parse-risk.ts';
import { PARAMETERS } from './parameters.ts';
import { territoryRow } from './territory.ts';
import { POWERED } from './vehicles.ts';

/**
 * The canonical risk of a query: place names in the table's spelling, drivers sorted. Or all that is wrong with it, one
 * entry a field. `today` is the date in Moscow.
 */
export function parseOsagoRisk(query: RiskQuery, today: string): ParsedRisk<OsagoRisk> {
  const parsed = parseRisk(PARAMETERS, { query, today });
  if (!parsed.ok) return parsed;
  const { locality, startsOn } = parsed.risk;
  if (territoryRow(parsed.risk, startsOn)) return { ok: true, risk: withoutIdlePower(parsed.risk) };
  const message = `no official coefficient for "${locality}" is in force on ${startsOn}`;
  return { ok: false, errors: [{ field: 'startsOn', message }] };
}

/** What does not bear on the premium must not make two risks of one. */
function withoutIdlePower(risk: OsagoRisk): OsagoRisk {
  if (POWERED.includes(risk.category)) return risk;
  const { powerHp: _, ...rest } = risk;
  return rest;
}
