import type { Acknowledgement } from './acknowledgements.ts';
import type { Intent } from './buyer.ts';
import { check, describeFindings } from './check.ts';
import { collectEvidence, type Scene } from './collect-evidence.ts';
import { drain } from './drain.ts';
import type { Line } from './drill.ts';
import { type Evidence, isOfPolicy } from './evidence.ts';
import type { Stand } from './stand.ts';

interface Verdict {
  readonly lines: readonly Line[];
  readonly faults: readonly string[];
  readonly evidence: Evidence;
}

/** What buyers know: what they wanted, and what they were told. */
export interface BuyersBooks {
  readonly wanted: readonly string[];
  readonly offered: ReadonlyMap<string, number>;
  readonly acknowledged: readonly Acknowledgement[];
  readonly topicIsNew?: boolean;
}

/** The books of some intents. */
export const booksOf = (intents: readonly Intent[], acknowledged: readonly Acknowledgement[]): BuyersBooks => ({
  wanted: intents.map(({ key }) => key),
  offered: new Map(intents.map(({ key, offer }) => [key, offer.premiumMinor])),
  acknowledged,
});

/** Waits until all that was sold is booked, and has the checker compare everything with everything. */
export async function reachVerdict(stand: Scene & Pick<Stand, 'members'>, books: BuyersBooks): Promise<Verdict> {
  await drain(stand);
  const evidence = await collectEvidence(stand, books);
  const findings = check(evidence);
  const { wanted, acknowledged, policies, outbox, topic, booked } = evidence;
  const premiums = policies.reduce((sum, { premiumMinor }) => sum + premiumMinor, 0);
  return {
    evidence,
    faults: describeFindings(findings),
    lines: [
      ['died by themselves', diedOf(stand)],
      ['wanted; acknowledgements', `${wanted.length}; ${acknowledged.length}`],
      [
        'policies, of which cancelled',
        `${policies.length}, ${policies.filter((row) => row.status === 'cancelled').length}`,
      ],
      ['events of policies in the outbox; in the ledger', `${outbox.filter(isOfPolicy).length}; ${booked.length}`],
      ['records on the topic', topic?.length ?? 'no Kafka'],
      ['premiums, kopecks', premiums],
      ['lost', findings.lost.length],
      ['doubled', findings.doubled.length],
      ['misordered', findings.misordered.length],
      ['differences in kopecks', findings.kopecks.length],
    ],
  };
}

const diedOf = ({ members }: Pick<Stand, 'members'>): string | number =>
  members.flatMap(({ name, deaths }) => deaths.map((said) => `${name} ("${said}")`)).join(', ') || 0;
