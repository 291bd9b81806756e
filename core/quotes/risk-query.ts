import type { Risk } from '#contracts/risk.ts';

/** The canonical risk as the query of a quote, so that a client can ask for it again. */
export function riskQuery(risk: Risk): string {
  const entries = Object.entries(risk).map(([name, value]) => [name, textOf(value)]);
  return new URLSearchParams(entries).toString();
}

type Value = Risk[keyof Risk] | { age: number; experience: number } | readonly unknown[];

/** Lists by comma, a driver as `age:experience`. */
function textOf(value: Value): string {
  if (Array.isArray(value)) return value.map(textOf).join(',');
  if (typeof value === 'object' && 'age' in value) return `${value.age}:${value.experience}`;
  return String(value);
}
