import { type Dashboard, OF_REGION } from './dashboard.ts';

const EDGE = `service="edge",${OF_REGION}`;
const quantile = (q: number, route: string) =>
  `histogram_quantile(${q}, sum by (region, le) (rate(http_request_duration_seconds_bucket{${EDGE},route="${route}"}[$__rate_interval])))`;
const rateBy = (labels: string, metric: string) =>
  `sum by (region, ${labels}) (rate(${metric}{${OF_REGION}}[$__rate_interval]))`;

export const edge: Dashboard = {
  uid: 'insuretech-edge',
  title: 'InsureTech: edge',
  rows: [
    {
      title: 'Requests',
      panels: [
        {
          title: 'By route',
          unit: 'reqps',
          queries: [
            [`sum by (region, route) (rate(http_requests_total{${EDGE}}[$__rate_interval]))`, '{{route}} {{region}}'],
          ],
        },
        {
          title: 'By status',
          unit: 'reqps',
          queries: [
            [`sum by (region, status) (rate(http_requests_total{${EDGE}}[$__rate_interval]))`, '{{status}} {{region}}'],
          ],
        },
        {
          title: 'Time to quote',
          unit: 's',
          queries: [
            [quantile(0.5, '/v1/quotes/:product'), 'p50 {{region}}'],
            [quantile(0.99, '/v1/quotes/:product'), 'p99 {{region}}'],
          ],
        },
      ],
    },
    {
      title: 'Cache',
      panels: [
        {
          title: 'Reads by how they were answered',
          unit: 'reqps',
          queries: [[rateBy('result', 'edge_cache_reads_total'), '{{result}} {{region}}']],
        },
        {
          title: 'Answered out of the cache',
          unit: 'percentunit',
          queries: [
            [
              `sum by (region) (rate(edge_cache_reads_total{${OF_REGION},result=~"hit|stale"}[$__rate_interval])) / sum by (region) (rate(edge_cache_reads_total{${OF_REGION}}[$__rate_interval]))`,
              '{{region}}',
            ],
          ],
        },
      ],
    },
    {
      title: 'Limits',
      panels: [
        {
          title: 'Decisions',
          unit: 'reqps',
          queries: [
            [
              rateBy('policy, counted, decision', 'edge_limit_decisions_total'),
              '{{policy}} {{counted}} {{decision}} {{region}}',
            ],
          ],
        },
        {
          title: 'Refused, by caller',
          unit: 'reqps',
          queries: [[rateBy('caller', 'edge_rate_limited_total'), '{{caller}} {{region}}']],
        },
        {
          title: 'Store',
          unit: 'short',
          queries: [
            [`max by (region) (edge_store_away{${OF_REGION}})`, 'away {{region}}'],
            [
              `sum by (region) (rate(edge_store_failures_total{${OF_REGION}}[$__rate_interval]))`,
              'failed calls a second {{region}}',
            ],
          ],
        },
      ],
    },
    {
      title: 'Calls to core',
      panels: [
        {
          title: 'By what became of them',
          unit: 'reqps',
          queries: [[rateBy('lane, outcome', 'edge_core_calls_total'), '{{lane}} {{outcome}} {{region}}']],
        },
        {
          title: 'Circuit open',
          unit: 'short',
          queries: [[`max by (region, need) (edge_core_circuit_open{${OF_REGION}})`, '{{need}} {{region}}']],
        },
        {
          title: 'Under way and waiting',
          unit: 'short',
          queries: [
            [`sum by (region) (edge_core_calls_under_way{${OF_REGION}})`, 'under way {{region}}'],
            [`sum by (region, lane) (edge_core_calls_waiting{${OF_REGION}})`, 'waiting {{lane}} {{region}}'],
          ],
        },
      ],
    },
  ],
};
