import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Quote } from '#contracts/quote.ts';
import { DEMO_RISK } from '../../local/load-demo.ts';
import type { Target } from './targets.ts';

/** Writes `schemathesis.toml` for a target: a partner has fresh offers to buy, and the day they are for. */
export async function writeConfig(file: string, target: Target): Promise<void> {
  const text = await readFile(resolve(import.meta.dirname, 'schemathesis.toml'), 'utf8');
  if (target.caller !== 'partner') return writeFile(file, text);
  const { offers, risk } = await askQuote(target);
  const tokens = offers.map(({ token }) => JSON.stringify(token)).join(', ');
  await writeFile(file, text.replace('"OFFER"', tokens).replace('"DAY"', JSON.stringify(risk.startsOn)));
}

/** Throws a sentence when there is nothing to buy: an attack on purchases would be none. */
async function askQuote({ url, key }: Target): Promise<Quote> {
  const answer = await fetch(`${url}/v1/quotes/osago?${DEMO_RISK}`, { headers: { authorization: `Bearer ${key}` } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url} gives no quote with this key: ${answer.status} ${text}`);
  const quote = Quote.parse(JSON.parse(text));
  if (quote.offers.length === 0) throw new Error(`${url} has no offer to buy: ${JSON.stringify(quote.insurers)}`);
  return quote;
}
