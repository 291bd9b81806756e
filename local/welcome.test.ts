import { expect, test } from 'vitest';
import { parseOptions } from './options.ts';
import { planRegions } from './plan.ts';
import { createSteps } from './steps.ts';
import { welcome } from './welcome.ts';

test.each([
  ['redis', "edge's store on redis-server."],
  ['mock', "edge's store on an imitation of Redis (for a real one have redis-server on the PATH)."],
] as const)('the welcome says that the stand-ins are on %s', (backend, words) => {
  const shared = {
    keys: { site: 'ik_site', alfa: 'ik_alfa', beta: 'ik_beta', operator: 'operator' },
    logLevel: 'info',
    homes: '',
    insurers: '',
    upstash: { backend, delayMs: 0 },
    sharePercent: 50,
  };
  const plans = planRegions(parseOptions([]));
  const said = welcome({ plans, steps: createSteps(), shared, insurers: 'http://127.0.0.1:8900', seconds: 3 });
  expect(said).toContain(`Ready in 3.0 s, events through each region itself, ${words} Logs: .local/logs.`);
});
