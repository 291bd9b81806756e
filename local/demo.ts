import { randomUUID } from 'node:crypto';
import { setTimeout as timer } from 'node:timers/promises';
import type { Policy } from '#contracts/policy.ts';
import type { Problem } from '#contracts/problem.ts';
import type { Quote } from '#contracts/quote.ts';
import type { Register } from '#contracts/register.ts';
import { DEMO_RISK } from './load-demo.ts';
import { type DemoRegion, readDemo } from './read-demo.ts';

// Walks one sale in every region of a running npm start, saying what it does and showing what it gets. Any answer that
// is not as promised ends it with exit code 1.

const say = (text: string) => void process.stdout.write(`${text}\n`);
const money = (minor: number) => `${(minor / 100).toFixed(2)} RUB`;

interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

async function call<T>(url: string, init: RequestInit, expected: number): Promise<Answer<T>> {
  say(`  ${init.method ?? 'GET'} ${decodeURIComponent(url)}`);
  const answer = await fetch(url, init);
  const body = (await answer.json()) as T;
  const note = answer.headers.get('idempotency-replayed') ? ', Idempotency-Replayed: true' : '';
  say(`  -> ${answer.status}${note}`);
  if (answer.status !== expected)
    throw new Error(`expected ${expected}, got ${answer.status}: ${JSON.stringify(body)}`);
  return { status: answer.status, headers: answer.headers, body };
}

function require(condition: boolean, promise: string): asserts condition {
  if (!condition) throw new Error(`not as promised: ${promise}`);
}

const { regions, keys } = await readDemo().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});

async function sell(region: DemoRegion): Promise<{ token: string; startsOn: string }> {
  const partner = { authorization: `Bearer ${keys.alfa}` };
  say(`\n1. Region ${region.name}: partner Alfa asks for OSAGO offers for a car in Moscow. No insurer is asked now:`);
  say('   the region rates from tariffs that its aggregator collected before.');
  const { body: quote } = await call<Quote>(`${region.edge}/v1/quotes/osago?${DEMO_RISK}`, { headers: partner }, 200);
  for (const offer of quote.offers) {
    const factors = offer.breakdown.factors.map(({ code, value }) => `${code} ${value}`).join(' x ');
    say(
      `     ${offer.insurer.padEnd(8)} ${money(offer.premium.amountMinor).padStart(14)} = ${offer.breakdown.base} x ${factors}`,
    );
  }
  const [best] = quote.offers;
  require(best !== undefined, 'at least one offer');

  say(`\n2. Alfa buys the cheapest, from ${best.insurer}. The signed offer is the price; nothing of it can be edited.`);
  const holder = {
    fullName: 'Анна Иванова',
    birthDate: '1990-05-17',
    phone: '+79991234567',
    email: 'anna@example.com',
  };
  const startsOn = quote.risk.startsOn;
  const key = randomUUID();
  const purchase = {
    method: 'POST',
    headers: { ...partner, 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ offer: best.token, holder, startsOn }),
  };
  const { body: policy } = await call<Policy>(`${region.edge}/v1/policies`, purchase, 201);
  say(
    `     policy ${policy.number}, ${money(policy.premium.amountMinor)}, cover ${policy.startsOn} to ${policy.endsOn}`,
  );
  require(policy.premium.amountMinor === best.premium.amountMinor, 'the policy costs what was offered');

  say('\n3. The answer might have been lost on the way, so Alfa sends the same again with the same Idempotency-Key.');
  const again = await call<Policy>(`${region.edge}/v1/policies`, purchase, 201);
  require(again.body.id === policy.id, 'the same policy, not a second one');
  require(again.headers.get('idempotency-replayed') === 'true', 'Idempotency-Replayed: true');
  say(`     still ${again.body.number}: one policy, not two.`);

  await settle(region, policy);
  return { token: best.token, startsOn };
}

async function settle(region: DemoRegion, policy: Policy): Promise<void> {
  say("\n4. The outbox carried the policy to settlement. The insurer's register of this month has a line for it:");
  const operator = { authorization: `Bearer ${keys.operator}` };
  const month = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Moscow', year: 'numeric', month: '2-digit' });
  const url = `${region.settlement}/v1/registers/${policy.insurer}/${month.format(new Date(policy.issuedAt))}`;
  const startedAt = performance.now();
  let line: Register['lines'][number] | undefined;
  while (!line) {
    if (performance.now() - startedAt > 5_000)
      throw new Error(`policy ${policy.number} is not in the register after 5 s`);
    const answer = await fetch(url, { headers: operator });
    const lines = answer.ok ? ((await answer.json()) as Register).lines : [];
    line = lines.find((candidate) => candidate.policyNumber === policy.number);
    if (!line) await timer(20);
  }
  say(`  GET ${url}`);
  say(
    `     ${line.policyNumber}: premium ${money(line.premium.amountMinor)}, commission ${money(line.commission.amountMinor)} (${line.commissionRateBps / 100} %), to transfer ${money(line.toTransfer.amountMinor)}`,
  );
  require(line.premium.amountMinor === policy.premium.amountMinor, 'the register has the premium that was paid');

  say(
    '\n5. The ledger, double entry; a balance below zero is what we owe or have earned, and all of them sum to zero:',
  );
  const ledger = `${region.settlement}/v1/ledger/accounts`;
  const { body } = await call<{ accounts: { id: string; balance: { amountMinor: number } }[] }>(
    ledger,
    { headers: operator },
    200,
  );
  for (const account of body.accounts)
    say(`     ${account.id.padEnd(28)} ${money(account.balance.amountMinor).padStart(18)}`);
  const sum = body.accounts.reduce((total, account) => total + account.balance.amountMinor, 0);
  require(sum === 0, 'the ledger sums to zero');
}

async function refuseElsewhere(
  home: DemoRegion,
  other: DemoRegion,
  offer: { token: string; startsOn: string },
): Promise<void> {
  say(
    `\n6. An offer of ${home.name} is brought to ${other.name}. Only its home may sell it; the answer says where that is.`,
  );
  const holder = {
    fullName: 'Анна Иванова',
    birthDate: '1990-05-17',
    phone: '+79991234567',
    email: 'anna@example.com',
  };
  const init = {
    method: 'POST',
    headers: {
      authorization: `Bearer ${keys.beta}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify({ offer: offer.token, holder, startsOn: offer.startsOn }),
  };
  const { body } = await call<Problem>(`${other.edge}/v1/policies`, init, 421);
  say(`     ${body.detail} home: ${body.home}`);
  require(body.home === home.edge, 'home is the region that made the offer');
}

try {
  for (const region of regions) {
    const offer = await sell(region);
    const other = regions.find((candidate) => candidate !== region);
    if (other) await refuseElsewhere(region, other, offer);
  }
  say('\nThat is a whole sale, in every region, and neither region knew of the other.');
} catch (error) {
  process.stderr.write(`\nThe demo stopped: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
