import { type Dashboard, OF_REGION } from './dashboard.ts';

const rateBy = (labels: string, metric: string) =>
  `sum by (region, ${labels}) (rate(${metric}{${OF_REGION}}[$__rate_interval]))`;

export const events: Dashboard = {
  uid: 'insuretech-events',
  title: 'InsureTech: events and books',
  rows: [
    {
      title: 'Outbox',
      panels: [
        {
          title: 'Events that wait',
          unit: 'short',
          queries: [[`max by (region, topic) (outbox_backlog_events{${OF_REGION}})`, '{{topic}} {{region}}']],
        },
        {
          title: 'For how long the first has',
          unit: 's',
          queries: [[`max by (region, topic) (outbox_oldest_age_seconds{${OF_REGION}})`, '{{topic}} {{region}}']],
        },
        { title: 'Sent', unit: 'short', queries: [[rateBy('service', 'outbox_sent_total'), '{{service}} {{region}}']] },
        {
          title: 'Partitions with a relay',
          unit: 'short',
          queries: [
            [`sum by (region, topic) (outbox_relay_partitions{${OF_REGION}})`, '{{topic}} {{region}}'],
            [rateBy('topic', 'outbox_relay_failures_total'), 'lost a second: {{topic}} {{region}}'],
          ],
        },
      ],
    },
    {
      title: 'Settlement',
      panels: [
        {
          title: 'Behind, events',
          unit: 'short',
          queries: [
            [
              `sum by (region, topic) (max by (region, topic, partition) (consumer_lag_events{${OF_REGION}}))`,
              '{{topic}} {{region}}',
            ],
          ],
        },
        {
          title: 'Events by what became of them',
          unit: 'short',
          queries: [[rateBy('outcome', 'settlement_events_total'), '{{outcome}} {{region}}']],
        },
        {
          title: 'Batches that failed',
          unit: 'short',
          queries: [[rateBy('reason', 'settlement_batch_failures_total'), '{{reason}} {{region}}']],
        },
        {
          title: 'Time of a batch, p99',
          unit: 's',
          queries: [
            [
              `histogram_quantile(0.99, sum by (region, topic, le) (rate(consumer_batch_duration_seconds_bucket{${OF_REGION}}[$__rate_interval])))`,
              '{{topic}} {{region}}',
            ],
          ],
        },
      ],
    },
    {
      title: 'What waits for a person',
      panels: [
        {
          title: 'Partitions stopped',
          unit: 'short',
          queries: [
            [
              `max by (region, partition, reason) (settlement_partition_stopped{${OF_REGION}})`,
              '{{partition}} {{reason}} {{region}}',
            ],
          ],
        },
        {
          title: 'Dead letters',
          unit: 'short',
          queries: [[`max by (region, reason) (settlement_dead_letters{${OF_REGION}})`, '{{reason}} {{region}}']],
        },
        {
          title: 'Days and insurers that differ',
          unit: 'short',
          queries: [[`max by (region) (settlement_reconciliation_differences{${OF_REGION}})`, '{{region}}']],
        },
        {
          title: 'Registers not closed',
          unit: 'short',
          queries: [[`max by (region) (settlement_registers_overdue{${OF_REGION}})`, '{{region}}']],
        },
        {
          title: 'Since the end of the last day told',
          unit: 's',
          queries: [[`time() - max by (region) (core_last_day_told_seconds{${OF_REGION}})`, '{{region}}']],
        },
        {
          title: 'Registers closed, refused',
          unit: 'short',
          queries: [
            [
              `sum by (region, outcome) (increase(settlement_register_closes_total{${OF_REGION}}[1d]))`,
              '{{outcome}} {{region}}',
            ],
          ],
        },
      ],
    },
  ],
};
