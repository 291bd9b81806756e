import { type Dashboard, OF_REGION } from './dashboard.ts';

const byInsurer = (of: string, metric: string) => `${of} by (region, insurer) (${metric}{${OF_REGION}})`;

export const insurers: Dashboard = {
  uid: 'insuretech-insurers',
  title: 'InsureTech: insurers',
  rows: [
    {
      title: 'How old is what we sell (marked after 20 min, hidden after 24 h)',
      panels: [
        {
          title: 'As core knows it',
          unit: 's',
          queries: [[byInsurer('max', 'catalogue_insurer_age_seconds'), '{{insurer}} {{region}}']],
        },
        {
          title: 'As the aggregator knows it',
          unit: 's',
          queries: [[byInsurer('max', 'insurer_as_of_age_seconds'), '{{insurer}} {{region}}']],
        },
        {
          title: 'Marked or hidden',
          unit: 'short',
          queries: [
            [
              `max by (region, insurer, state) (catalogue_insurer_freshness{state!="fresh",${OF_REGION}}) == 1`,
              '{{insurer}} {{state}} {{region}}',
            ],
          ],
        },
        {
          title: 'Version on sale',
          unit: 'none',
          queries: [
            [
              `max by (region, insurer, product) (catalogue_tariff_version{${OF_REGION}})`,
              '{{insurer}} {{product}} {{region}}',
            ],
          ],
        },
      ],
    },
    {
      title: 'Polls',
      panels: [
        {
          title: 'By outcome, in an hour',
          unit: 'short',
          queries: [
            [
              `sum by (region, insurer, outcome) (increase(insurer_polls_total{${OF_REGION}}[1h]))`,
              '{{insurer}} {{outcome}} {{region}}',
            ],
          ],
        },
        {
          title: 'Failures by reason, in an hour',
          unit: 'short',
          queries: [
            [
              `sum by (region, insurer, reason) (increase(insurer_poll_failures_total{${OF_REGION}}[1h]))`,
              '{{insurer}} {{reason}} {{region}}',
            ],
          ],
        },
        {
          title: 'Attempts after the first, in an hour',
          unit: 'short',
          queries: [
            [`sum by (region, insurer) (increase(insurer_retries_total{${OF_REGION}}[1h]))`, '{{insurer}} {{region}}'],
          ],
        },
        {
          title: 'Time of a poll, p99',
          unit: 's',
          queries: [
            [
              `histogram_quantile(0.99, sum by (region, insurer, le) (rate(insurer_poll_seconds_bucket{${OF_REGION}}[1h])))`,
              '{{insurer}} {{region}}',
            ],
          ],
        },
      ],
    },
    {
      title: 'Guards',
      panels: [
        {
          title: 'Breaker not closed',
          unit: 'short',
          queries: [
            [
              `max by (region, insurer, state) (insurer_breaker_state{state!="closed",${OF_REGION}}) == 1`,
              '{{insurer}} {{state}} {{region}}',
            ],
          ],
        },
        {
          title: 'Not believed for',
          unit: 's',
          queries: [[`time() - ${byInsurer('min', 'insurer_quarantined')}`, '{{insurer}} {{region}}']],
        },
        {
          title: 'Polls under way',
          unit: 'short',
          queries: [[byInsurer('sum', 'insurer_bulkhead_in_use'), '{{insurer}} {{region}}']],
        },
        {
          title: 'Last poll good',
          unit: 'short',
          queries: [[byInsurer('min', 'insurer_last_poll_ok'), '{{insurer}} {{region}}']],
        },
      ],
    },
  ],
};
