import { Histogram, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { countRequests } from './count-requests.ts';

const REQUESTS = [
  { method: 'GET', route: '/v1/quotes/:product', status: 200, ms: 0 },
  { method: 'GET', route: '/v1/quotes/:product', status: 200, ms: 1 },
  { method: 'GET', route: '/v1/quotes/:product', status: 200, ms: 1.5 },
  { method: 'POST', route: '/v1/policies', status: 503, ms: 10_001 },
];
/** Lines of durations; the order of labels says nothing. */
const ofSeconds = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.includes('http_request_duration_seconds'))
    .map((line) => line.replace(/\{(.*)\}/, (_, labels: string) => `{${labels.split(',').toSorted().join(',')}}`));

test('durations are told as prom-client’s own histogram tells them', async () => {
  const [ours, theirs] = [new Registry(), new Registry()];
  for (const registry of [ours, theirs]) registry.setDefaultLabels({ service: 'edge' });
  const count = countRequests(ours);
  const histogram = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer',
    labelNames: ['method', 'status', 'ok', 'route'],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [theirs],
  });
  for (const { ms, ...request } of REQUESTS) {
    count({ ...request, ms });
    const { method, route, status } = request;
    histogram.observe({ method, status: String(status), ok: String(status === 200), route }, ms / 1_000);
  }
  expect(ofSeconds(await ours.metrics())).toEqual(ofSeconds(await theirs.metrics()));
  expect(ofSeconds(await ours.metrics())).toHaveLength(2 + 2 * 15);
});

test('requests are counted by method, route and status, once however often they are told', async () => {
  const registry = new Registry();
  const count = countRequests(registry);
  for (const request of REQUESTS) count(request);
  for (const method of ['BREW', 'get', 'X'.repeat(100)]) count({ method, route: '/v1/policies', status: 404, ms: 1 });
  await registry.metrics();
  const told = (await registry.metrics()).split('\n').filter((line) => line.startsWith('http_requests_total{'));
  expect(told).toEqual([
    'http_requests_total{method="GET",status="200",ok="true",route="/v1/quotes/:product"} 3',
    'http_requests_total{method="POST",status="503",ok="false",route="/v1/policies"} 1',
    'http_requests_total{method="_OTHER",status="404",ok="false",route="/v1/policies"} 3',
  ]);
});
