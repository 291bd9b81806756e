import type { Policy } from '#contracts/policy.ts';
import type { DrillContext, Line } from '../drill.ts';
import { booksOf, reachVerdict } from '../verdict.ts';
import { REGIONS, type RegionName } from './callers.ts';
import type { Regions } from './start-regions.ts';
import type { Book, Wanted } from './traffic/book.ts';
import { requestOf } from './traffic/sell.ts';

export interface ReadBack {
  readonly lines: readonly Line[];
  readonly faults: readonly string[];
}

/** Sales whose answer was lost are asked for again under their keys; then all are read back, and all books compared. */
export async function readBack({ say }: DrillContext, regions: Regions, book: Book): Promise<ReadBack> {
  const { wanted } = book;
  const acknowledged = [...book.acknowledged];
  const known = new Set(acknowledged.map(({ key }) => key));
  const unknown = wanted.filter(({ key }) => !known.has(key));
  const faults: string[] = [];
  say(`  ${acknowledged.length} policies are read back, ${unknown.length} sales finished`);
  for (const sale of unknown) {
    const answer = await buy(regions, sale);
    if (answer.status === 201) acknowledged.push({ key: sale.key, policy: (await answer.json()) as Policy });
    else
      faults.push(
        `a sale cut off in ${sale.home}, asked for again, was answered ${answer.status}: ${await answer.text()}`,
      );
  }
  for (const { policy } of acknowledged) faults.push(...(await compare(regions, policy)));
  const verdicts = await Promise.all(
    REGIONS.map((region) => reachVerdict(regions.stand(region), booksIn(region, { wanted, acknowledged }))),
  );
  faults.push(...verdicts.flatMap((verdict, index) => verdict.faults.map((fault) => `${REGIONS[index]}: ${fault}`)));
  const booked = verdicts.reduce((sum, { evidence }) => sum + evidence.booked.length, 0);
  const sales = `${acknowledged.length}; ${booked}; ${unknown.length}`;
  return { faults, lines: [['policies acknowledged and read back; in the ledger; finished afterwards', sales]] };
}

/** The books of a region, as the drills' own checker takes them. */
function booksIn(region: RegionName, { wanted, acknowledged }: Book) {
  const intents = wanted.filter(({ home }) => home === region);
  const sold = acknowledged.filter(({ policy }) => policy.region === region);
  return booksOf(
    intents.map(({ key, offer }) => ({ key, offer, repeats: false, cancels: false })),
    sold.map((line) => ({ ...line, operation: 'issued' })),
  );
}

const authorization = ({ keys }: Regions) => ({ authorization: `Bearer ${keys.site}` });

function buy(regions: Regions, sale: Wanted): Promise<Response> {
  const { method, path, headers, body } = requestOf(sale);
  return fetch(regions.urls[sale.home] + path, {
    method,
    headers: { ...headers, ...authorization(regions) },
    ...(body !== undefined && { body }),
  });
}

/** Through the edge, as its buyer would; field by field as it was sold. */
async function compare(regions: Regions, policy: Policy): Promise<string[]> {
  const url = `${regions.urls[policy.region as RegionName]}/v1/policies/${policy.id}`;
  const answer = await fetch(url, { headers: authorization(regions) });
  const text = await answer.text();
  if (answer.status !== 200) return [`policy ${policy.id} was sold and is answered ${answer.status}`];
  const differs = JSON.stringify(sorted(JSON.parse(text) as object)) !== JSON.stringify(sorted(policy));
  return differs ? [`policy ${policy.id} is not as it was sold: ${text}`] : [];
}

const sorted = (value: object) => Object.entries(value).toSorted(([a], [b]) => a.localeCompare(b));
