import type { Sql } from 'postgres';
import type { Difference } from '#contracts/reconciliation.ts';
import { compare } from '#platform/difference-sketch/compare.ts';
import type { Operation } from '#platform/difference-sketch/operation.ts';
import { createSketch, readSketch, type Sketch } from '#platform/difference-sketch/sketch.ts';
import { moscowMidnight } from '#platform/moscow-time/moscow-midnight.ts';
import { type MinorAmounts, toAmounts } from './amounts.ts';
import { differencesOfRegister } from './differences-of-register.ts';
import type { DifferingDay } from './find-differing.ts';
import { type DayOfInsurer, inSpan, LEDGER_OPERATIONS } from './operations.ts';

const DAY_MS = 86_400_000;
const CURSOR_ROWS = 2_000;
/** What a sketch can hold; an id of another form is no policy of core's. */
const POLICY_ID = /-[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

/**
 * Names the policies in which a day of an insurer differs: between ledger and register off their rows, between core and
 * ledger off their sketches. `region` begins the ids of policies.
 */
export async function nameDifferences(sql: Sql, differing: DifferingDay, region: string): Promise<Difference[]> {
  const { day, insurer } = differing;
  const from = moscowMidnight(day);
  const where = { span: { from, to: new Date(from.getTime() + DAY_MS) }, insurer };
  const sketch = await sketchLedger(sql, where);
  const core = differing.sketch === undefined ? createSketch() : readSketch(differing.sketch);
  const found = core
    ? compare(core, sketch.sketch, { region })
    : { onlyInFirst: [], onlyInSecond: [], complete: false };
  const named = pair(found.onlyInFirst, [...found.onlyInSecond, ...sketch.strange]);
  const letters = await findDeadLetters(
    sql,
    named.filter(({ ledger }) => !ledger).map(({ policyId }) => policyId),
  );
  const ofCore = named.map((one) => toDifference({ ...one, day, insurer }, letters.get(one.policyId)));
  const ofRegister = await differencesOfRegister(sql, where);
  const rest: Difference = { kind: 'uncounted', day, insurer, detail: describe(differing) };
  const isTold = found.complete && ofCore.length + ofRegister.length > 0;
  return [...ofCore, ...ofRegister, ...(isTold ? [] : [rest])];
}

/** The ledger's operations of a day as a sketch, read a few at a time; and those that no sketch can hold. */
async function sketchLedger(
  sql: Sql,
  { span, insurer }: DayOfInsurer,
): Promise<{ sketch: Sketch; strange: Operation[] }> {
  const sketch = createSketch();
  const strange: Operation[] = [];
  const query = sql.unsafe<Operation[]>(
    `select "policyId", operation, "premiumMinor"::float8 as "premiumMinor", "commissionMinor"::float8 as "commissionMinor"
     from (${LEDGER_OPERATIONS}) o where insurer = $3`,
    [...inSpan(span), insurer] as never[],
  );
  for await (const rows of query.cursor(CURSOR_ROWS)) {
    for (const row of rows) {
      if (POLICY_ID.test(row.policyId)) sketch.add(row);
      else strange.push(row);
    }
  }
  return { sketch, strange };
}

interface Named {
  readonly policyId: string;
  readonly operation: Operation['operation'];
  readonly core?: MinorAmounts;
  readonly ledger?: MinorAmounts;
}

/** The two sides of each operation that differs, in the order of policies. */
function pair(core: readonly Operation[], ledger: readonly Operation[]): Named[] {
  const key = ({ policyId, operation }: Operation) => `${policyId} ${operation}`;
  const pairs = new Map<string, Named>();
  for (const one of core) pairs.set(key(one), { policyId: one.policyId, operation: one.operation, core: one });
  for (const one of ledger) {
    pairs.set(key(one), { policyId: one.policyId, operation: one.operation, ...pairs.get(key(one)), ledger: one });
  }
  return [...pairs.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, named]) => named);
}

function toDifference(
  { core, ledger, ...about }: Named & { day: string; insurer: string },
  deadLetter: string | undefined,
): Difference {
  const sides = { ...(core && { core: toAmounts(core) }), ...(ledger && { ledger: toAmounts(ledger) }) };
  if (core && ledger) return { kind: 'amounts', ...about, ...sides, detail: 'core and the ledger have other amounts' };
  if (ledger) return { kind: 'unknown', ...about, ...sides, detail: 'core has not told it among those of its day' };
  const detail = deadLetter ? `its event is parked as dead letter ${deadLetter}` : 'its event is not booked';
  return { kind: 'missing', ...about, ...sides, ...(deadLetter && { deadLetter }), detail };
}

/** The first dead letter of each policy that was not booked since. */
async function findDeadLetters(sql: Sql, policyIds: readonly string[]): Promise<Map<string, string>> {
  if (policyIds.length === 0) return new Map();
  const rows = await sql<{ policyId: string; id: string }[]>`
    select aggregate_id as "policyId", min(id)::text as id from settlement.dead_letters
    where aggregate_id = any(${policyIds as string[]}::text[]) and status <> 'booked' group by aggregate_id`;
  return new Map(rows.map(({ policyId, id }) => [policyId, id]));
}

function describe({ core, ledger, register }: DifferingDay): string {
  const said = ({ issued, cancelled }: DifferingDay['core']) =>
    `${issued.count} issued (${issued.premiumMinor} kopecks), ${cancelled.count} cancelled (${cancelled.premiumMinor})`;
  return `not all can be named; core: ${said(core)}; ledger: ${said(ledger)}; register: ${said(register)}`;
}
