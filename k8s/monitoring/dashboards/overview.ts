import { type Dashboard, OF_REGION } from './dashboard.ts';

/** REQUIREMENTS R8: what an hour without sales costs, RUB. */
const RUB_PER_HOUR = 500_000;

/** Hours of the range that a share of it is, in roubles. */
const cost = (share: string) => `${share} * $__range_s / 3600 * ${RUB_PER_HOUR}`;
const burn = (kind: string) => `region:${kind}_bad:rate1h{${OF_REGION}} / region:${kind}:rate1h{${OF_REGION}} / 0.001`;

export const overview: Dashboard = {
  uid: 'insuretech-overview',
  title: 'InsureTech: overview',
  rows: [
    {
      title: 'Can we sell, and what did it cost that we could not',
      panels: [
        {
          title: 'Can sell now',
          type: 'stat',
          unit: 'bool_yes_no',
          queries: [[`region:can_sell{${OF_REGION}}`, '{{region}}']],
        },
        {
          title: 'Cost of the outage so far',
          description: 'The time of the range in which no region that is shown could sell, at 500,000 RUB an hour.',
          type: 'stat',
          unit: 'currencyRUB',
          queries: [
            [cost(`(1 - avg_over_time(max(region:can_sell{${OF_REGION}})[$__range:15s]))`), 'all regions at once'],
          ],
        },
        {
          title: 'What it had cost without the other regions',
          description:
            'The time in which a region could not sell, at the same price: what the others saved, or did not.',
          type: 'stat',
          unit: 'currencyRUB',
          queries: [[cost(`(1 - avg_over_time(region:can_sell{${OF_REGION}}[$__range]))`), '{{region}}']],
        },
        {
          title: 'Minutes without sales',
          description: 'R1 allows 43.8 in a month.',
          type: 'stat',
          unit: 'short',
          queries: [[`(1 - avg_over_time(region:can_sell{${OF_REGION}}[$__range])) * $__range_s / 60`, '{{region}}']],
        },
      ],
    },
    {
      title: 'Alerts and troubles',
      panels: [
        {
          title: 'Alerts that fire',
          unit: 'short',
          queries: [
            [
              `sum by (alertname, region, severity) (ALERTS{alertstate="firing",severity!="none",${OF_REGION}})`,
              '{{severity}} {{alertname}} {{region}}',
            ],
          ],
        },
        {
          title: 'What is not seen of a region',
          unit: 'short',
          queries: [[`1 - region:seen{${OF_REGION}}`, '{{region}} {{part}}']],
        },
      ],
    },
    {
      title: 'The error budget (R1: 99.9 %)',
      panels: [
        {
          title: 'Burn rate over 1 h (page at 14.4)',
          unit: 'short',
          queries: [
            [burn('quotes'), 'quotes {{region}}'],
            [burn('sales'), 'sales {{region}}'],
          ],
        },
        {
          title: 'Quotes and sales a second',
          unit: 'reqps',
          queries: [
            [`region:quotes:rate5m{${OF_REGION}}`, 'quotes {{region}}'],
            [`region:sales:rate5m{${OF_REGION}}`, 'sales {{region}}'],
          ],
        },
      ],
    },
    {
      title: 'Processes',
      panels: [
        {
          title: 'Instances that answer',
          unit: 'short',
          queries: [[`sum by (region, service) (up{service!="",${OF_REGION}})`, '{{service}} {{region}}']],
        },
        {
          title: 'Memory',
          unit: 'bytes',
          queries: [
            [`max by (region, service) (process_resident_memory_bytes{${OF_REGION}})`, '{{service}} {{region}}'],
          ],
        },
        {
          title: 'Processors in use',
          unit: 'short',
          queries: [
            [
              `sum by (region, service) (rate(process_cpu_seconds_total{${OF_REGION}}[$__rate_interval]))`,
              '{{service}} {{region}}',
            ],
          ],
        },
        {
          title: 'Event loop lag, p99',
          unit: 's',
          queries: [
            [`max by (region, service) (nodejs_eventloop_lag_p99_seconds{${OF_REGION}})`, '{{service}} {{region}}'],
          ],
        },
      ],
    },
  ],
};
