import { type Dashboard, OF_REGION } from './dashboard.ts';

const SALES = `service="edge",route="/v1/policies/*",method="POST",${OF_REGION}`;
const CORE = `service="core-app",${OF_REGION}`;

export const sales: Dashboard = {
  uid: 'insuretech-sales',
  title: 'InsureTech: sales',
  rows: [
    {
      title: 'At the edge',
      panels: [
        {
          title: 'Sales and cancellations by status',
          unit: 'reqps',
          queries: [
            [
              `sum by (region, status) (rate(http_requests_total{${SALES}}[$__rate_interval]))`,
              '{{status}} {{region}}',
            ],
          ],
        },
        {
          title: 'Failed or slower than 2.5 s',
          unit: 'percentunit',
          queries: [
            [`region:quotes_bad:rate5m{${OF_REGION}} / region:quotes:rate5m{${OF_REGION}}`, 'quotes {{region}}'],
            [`region:sales_bad:rate5m{${OF_REGION}} / region:sales:rate5m{${OF_REGION}}`, 'sales {{region}}'],
          ],
        },
        {
          title: 'Time to sell',
          unit: 's',
          queries: [
            [
              `histogram_quantile(0.5, sum by (region, le) (rate(http_request_duration_seconds_bucket{${SALES}}[$__rate_interval])))`,
              'p50 {{region}}',
            ],
            [
              `histogram_quantile(0.99, sum by (region, le) (rate(http_request_duration_seconds_bucket{${SALES}}[$__rate_interval])))`,
              'p99 {{region}}',
            ],
          ],
        },
      ],
    },
    {
      title: 'In core',
      panels: [
        {
          title: 'Requests by route',
          unit: 'reqps',
          queries: [
            [
              `sum by (region, method, route) (rate(http_requests_total{${CORE}}[$__rate_interval]))`,
              '{{method}} {{route}} {{region}}',
            ],
          ],
        },
        {
          title: 'What insurers answer in quotes',
          unit: 'short',
          queries: [
            [
              `sum by (region, status) (rate(quote_outcomes_total{${OF_REGION}}[$__rate_interval]))`,
              '{{status}} {{region}}',
            ],
          ],
        },
        {
          title: 'Connections to Postgres',
          unit: 'short',
          queries: [
            [`max by (region, service) (postgres_pool_in_use{${OF_REGION}})`, 'in use {{service}} {{region}}'],
            [`max by (region, service) (postgres_pool_waiting{${OF_REGION}})`, 'waiting {{service}} {{region}}'],
          ],
        },
      ],
    },
    {
      title: 'Deep checks',
      panels: [
        {
          title: 'Good',
          unit: 'short',
          queries: [
            [`max by (region, service, check) (health_check_ok{${OF_REGION}})`, '{{service}} {{check}} {{region}}'],
          ],
        },
        {
          title: 'Ready',
          unit: 'short',
          queries: [[`sum by (region, service) (health_ready{${OF_REGION}})`, '{{service}} {{region}}']],
        },
      ],
    },
  ],
};
