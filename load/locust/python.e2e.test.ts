import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import tables from '#contracts/osago-tables.json' with { type: 'json' };
import { requireOrSkip } from '../../local/require-or-skip.ts';
import { riskAt } from '../traffic/risk-at.ts';
import { riskTables } from '../traffic/risk-tables.ts';

/** Runs a program of Python beside locust's; what it prints, from JSON. */
const python = (program: string, env: Record<string, string> = {}): unknown =>
  JSON.parse(
    execFileSync('python3', ['-B', '-c', program], {
      cwd: import.meta.dirname,
      env: { ...process.env, PYTHONIOENCODING: 'utf-8', ...env },
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    }),
  );

function missingPython(): string | undefined {
  try {
    execFileSync('python3', ['--version']);
    return undefined;
  } catch {
    return 'there is no python3 on PATH';
  }
}

/** The gates on users who began and on what was seen of their requests. */
const faultsOf = (seen: { admitted: number; requests: number; failures: number; p95: number }) =>
  python(
    `
import json
from types import SimpleNamespace as Some
from gates import faults_of
seen = json.loads('''${JSON.stringify(seen)}''')
entry = Some(name="alfa quote", num_requests=seen["requests"], num_failures=seen["failures"])
entry.get_response_time_percentile = lambda share: seen["p95"] if share == 0.95 else 0
stats = Some(total=Some(start_time=100.0, last_request_timestamp=112.0), entries={("alfa quote", "GET"): entry})
user = Some(kinds=("quote",), series=lambda kind: "alfa " + kind, begun=50, each_per_second=5, is_over_limit=True,
  caller="alfa", admitted=seen["admitted"])
print(json.dumps(faults_of(stats, [user])))
`,
    { SCENARIO: 'noisy-partner' },
  );
const GOOD = { admitted: 220, requests: 2_500, failures: 0, p95: 40 };

describe.runIf(requireOrSkip("locust's own part", missingPython()))("locust's own part", () => {
  it('draws the very risks that k6 draws, number for number', () => {
    const turns = Array.from({ length: 5_000 }, (_, n) => ({ seed: n % 7, stream: 1 + (n % 4), n: n * 13 }));
    const drawn = python(`
import json
from risks import risk_at
print(json.dumps([risk_at(n % 7, 1 + n % 4, n * 13) for n in range(5000)]))
`);
    expect(drawn).toEqual(turns.map((turn) => riskAt(riskTables(tables), turn)));
  });

  it('R7 finds nothing wrong with a noisy partner that is let in as agreed', () => {
    expect(faultsOf(GOOD)).toEqual([]);
    expect(faultsOf({ ...GOOD, admitted: 264 })).toEqual([]);
  });

  it.each([
    [{ admitted: 265 }, 'alfa: 265 let in, not 180 to 264'],
    [{ admitted: 179 }, 'alfa: 179 let in, not 180 to 264'],
    [{ failures: 3 }, 'alfa quote: 3 of 2500 failed'],
    [{ p95: 1_000 }, 'alfa quote: p95 is 1000 ms, not below 1000'],
    [{ requests: 2_249 }, 'alfa quote: 2249 asked, fewer than 2250'],
  ])('finds %j', (change, fault) => {
    expect(faultsOf({ ...GOOD, ...change })).toEqual([fault]);
  });

  it.each([
    [{ SCENARIO: 'pek' }, 'locust: SCENARIO is "pek" but must be one of smoke, peak, sale, soak, noisy-partner'],
    [{ SCENARIO: 'spike' }, 'locust: SCENARIO is spike, which k6 and autocannon play'],
    [{ DURATION: '30' }, 'locust: DURATION is "30" but must be a whole number with s, m or h'],
    [{ RATE: '0' }, 'locust: RATE is "0" but must be a number from 0.01 to 100'],
  ])('refuses %j by a sentence', (env, sentence) => {
    expect(() => python('import scenario', env)).toThrow(sentence);
  });
});
