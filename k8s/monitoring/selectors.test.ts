import { expect, test } from 'vitest';
import { missingOf, readExposed, selectorsOf } from './selectors.testing.ts';

test.each([
  ['up', [{ metric: 'up', labels: [] }]],
  [
    'sum by (region, route) (rate(http_requests_total{service="edge",status!~"5.."}[5m])) > 14.4 * 0.001',
    [{ metric: 'http_requests_total', labels: ['service', 'status'], service: 'edge' }],
  ],
  [
    'a:b_c{x="}"} unless on (region) max_over_time(ALERTS{alertstate="firing"}[6m]) or 0 * d offset 6h',
    [
      { metric: 'a:b_c', labels: ['x'] },
      { metric: 'ALERTS', labels: ['alertstate'] },
      { metric: 'd', labels: [] },
    ],
  ],
  [
    'max_over_time(sum by (region) (owned{topic="policies.v1"})[30s:5s]) < bool 12',
    [{ metric: 'owned', labels: ['topic'] }],
  ],
  [
    '(1 - avg_over_time(can_sell[$__range])) * $__range_s / 3600 and time() - vector(1)',
    [{ metric: 'can_sell', labels: [] }],
  ],
])('the metrics of %s', (expr, selectors) => {
  expect(selectorsOf(expr)).toEqual(selectors);
});

const exposed = readExposed([
  `# HELP taken_seconds Time
# TYPE taken_seconds histogram
taken_seconds_bucket{le="0.5",route="/v1/quotes/:product",service="edge"} 3
# TYPE parked gauge
# TYPE up_to counter
up_to{service="core-app",topic="policies.v1"} 1.5`,
]);

test.each([
  [{ metric: 'taken_seconds_bucket', labels: ['le', 'service'], service: 'edge' }, undefined],
  [{ metric: 'parked', labels: ['reason'] }, undefined],
  [{ metric: 'taken_seconds', labels: [] }, 'no service tells "taken_seconds"'],
  [{ metric: 'up_to', labels: ['partition'] }, '"up_to" has no series with partition'],
  [{ metric: 'up_to', labels: ['service'], service: 'edge' }, '"up_to" of edge has no series with service'],
])('what a service tells is found, and what it does not is named: %j', (selector, sentence) => {
  expect(missingOf(selector, exposed)).toBe(sentence);
});
