import { type Evidence, isOfPolicy, type PolicyRow } from './evidence.ts';

/** Whatever differs by a kopeck: policy by policy, and account by account. */
export function checkMoney(evidence: Evidence): string[] {
  const { postings, accounts } = evidence;
  const expected = expectedBalances(evidence);
  const sum = [...postings.values()].reduce((total, amount) => total + amount, 0);
  return [
    ...checkAnswers(evidence),
    ...checkRecords(evidence),
    ...differences(expected, postings, 'the postings of'),
    ...differences(expected, accounts, 'account'),
    ...(sum === 0 ? [] : [`the ledger's sum is ${sum} and not 0`]),
  ];
}

function checkAnswers({ acknowledged, offered, policies }: Evidence): string[] {
  const rows = new Map(policies.map((row) => [row.id, row]));
  return acknowledged.flatMap(({ key, operation, policy }) => {
    const row = rows.get(policy.id);
    if (!row) return [];
    const refund = operation === 'cancelled' ? row.refundMinor : undefined;
    return [
      ...unequal(`the price of "${key}"`, policy.premium.amountMinor, offered.get(key) ?? null),
      ...unequal(`the premium acknowledged of ${policy.id}`, policy.premium.amountMinor, row.premiumMinor),
      ...(refund === undefined
        ? []
        : unequal(`the refund acknowledged of ${policy.id}`, policy.refund?.amountMinor, refund)),
    ];
  });
}

function checkRecords({ topic = [], policies }: Evidence): string[] {
  const rows = new Map(policies.map((row) => [row.id, row]));
  return topic.filter(isOfPolicy).flatMap(({ aggregateId, version, premiumMinor, refundMinor }) => {
    const row = rows.get(aggregateId);
    if (!row) return [];
    return [
      ...unequal(`the premium of ${aggregateId} on the topic`, premiumMinor, row.premiumMinor),
      ...(version === 1 ? [] : unequal(`the refund of ${aggregateId} on the topic`, refundMinor, row.refundMinor)),
    ];
  });
}

const unequal = (what: string, found: number | undefined, wanted: number | null) =>
  found === wanted ? [] : [`${what} is ${found} and not ${wanted}`];

/** What the books must come to, from the policies alone. */
function expectedBalances({ policies, partnerRateBps }: Evidence): Map<string, number> {
  const balances = new Map<string, number>();
  const post = (account: string, amount: number) => balances.set(account, (balances.get(account) ?? 0) + amount);
  for (const policy of policies) {
    const kept = policy.premiumMinor - (policy.refundMinor ?? 0);
    const commission = keptOf(policy, policy.rateBps);
    const partners = keptOf(policy, partnerRateBps);
    post('clearing:premiums', kept);
    post(`insurer:${policy.insurer}:payable`, commission - kept);
    post(`income:commission:${policy.insurer}`, -commission);
    post('expense:partner-commission', partners);
    post(`partner:${policy.partner}:payable`, -partners);
  }
  return balances;
}

/** A commission less what goes back of it, each rounded half up by itself. */
function keptOf({ premiumMinor, refundMinor }: PolicyRow, rateBps: number): number {
  const whole = halfUp(BigInt(premiumMinor) * BigInt(rateBps), 10_000n);
  return Number(whole - halfUp(whole * BigInt(refundMinor ?? 0), BigInt(premiumMinor)));
}

const halfUp = (dividend: bigint, divisor: bigint) => (2n * dividend + divisor) / (2n * divisor);

function differences(expected: ReadonlyMap<string, number>, found: ReadonlyMap<string, number>, what: string) {
  const names = [...new Set([...expected.keys(), ...found.keys()])].sort();
  return names.flatMap((name) => unequal(`${what} ${name}`, found.get(name) ?? 0, expected.get(name) ?? 0));
}
