import { randomBytes } from 'node:crypto';
import type { PartnerTerms } from '#contracts/partner.ts';
import { Partner } from '#contracts/partner.ts';
import { Accounts, Register } from '#contracts/register.ts';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import type { OperatorApi } from '../../../local/find-service.ts';
import { call } from '../../../local/operator-call.ts';
import { digestOf } from '../../../local/secrets.ts';
import { type Cluster, NAMESPACE } from './cluster.ts';
import { getJson } from './kubectl.ts';
import { forwardTo } from './port-forward.ts';

/** The drill's buyer: its limit is none for what it sends. */
const TERMS = { name: 'The drill', limitPerSecond: 1_000, commissionRateBps: 500 } as const;

/** Sets the drill's partner as an operator does, and resolves with its key. */
export async function makePartner(cluster: Cluster): Promise<string> {
  // Another one in each run: edges know for half a minute which keys a partner has, and would refuse it a new one meanwhile.
  const id = `drill-${randomBytes(4).toString('hex')}`;
  const key = `ik_${id}_${randomBytes(32).toString('base64url')}`;
  const terms: PartnerTerms = { ...TERMS, keyDigests: [digestOf(key)] };
  await asOperator(cluster, 'core-app', (api) =>
    call(api, { path: `/v1/partners/${id}`, method: 'PUT', body: terms, schema: Partner }),
  );
  return key;
}

/** The numbers of all policies that the registers of this month have, and what all accounts of the ledger come to: 0. */
export function readBooks(cluster: Cluster, insurers: readonly string[]) {
  const period = moscowDate(new Date()).slice(0, 7);
  return asOperator(cluster, 'ins-comp-settlement', async (api) => {
    const numbers = new Set<string>();
    for (const insurer of insurers) {
      const register = await call(api, { path: `/v1/registers/${insurer}/${period}`, schema: Register });
      for (const { policyNumber } of register.lines) numbers.add(policyNumber);
    }
    const { accounts } = await call(api, { path: '/v1/ledger/accounts', schema: Accounts });
    return { numbers, sumMinor: accounts.reduce((sum, { balance }) => sum + balance.amountMinor, 0) };
  });
}

async function asOperator<Result>(
  { kubectl }: Cluster,
  service: 'core-app' | 'ins-comp-settlement',
  work: (api: OperatorApi) => Promise<Result>,
): Promise<Result> {
  const token = await readToken(kubectl, service);
  await using forwarded = await forwardTo(service);
  return await work({ url: forwarded.url, token });
}

/** Out of the Secret that the service's pods have, whose name ends in a digest of what is in it. */
async function readToken(kubectl: Cluster['kubectl'], service: string): Promise<string> {
  type Deployment = {
    spec: { template: { spec: { containers: { envFrom?: { secretRef?: { name: string } }[] }[] } } };
  };
  const { spec } = await getJson<Deployment>(kubectl, '-n', NAMESPACE, 'deployment', service);
  const names = spec.template.spec.containers.flatMap(({ envFrom }) => envFrom ?? []);
  for (const { secretRef } of names) {
    if (!secretRef) continue;
    const { data } = await getJson<{ data: Record<string, string> }>(
      kubectl,
      '-n',
      NAMESPACE,
      'secret',
      secretRef.name,
    );
    const token = data['OPERATOR_TOKEN'];
    if (token) return Buffer.from(token, 'base64').toString();
  }
  throw new Error(`Deployment "${service}" has no Secret with OPERATOR_TOKEN`);
}
