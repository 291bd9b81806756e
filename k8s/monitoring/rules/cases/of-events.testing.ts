import { fires, silent } from './case.testing.ts';
import { absence, allOf, appear, begin, blip, gone, type Series, still, turn } from './region.testing.ts';

const SETTLEMENT = 'up{service="ins-comp-settlement",instance="a"}';
const RELAY = 'outbox_relay_partitions{service="core-app",instance="b",topic="policies.v1"}';
const AGE = 'outbox_oldest_age_seconds{service="core-app",topic="policies.v1"}';
const LAG = 'consumer_lag_events{service="ins-comp-settlement",topic="policies.v1",partition="3"}';
const FAILURES = 'settlement_batch_failures_total{service="ins-comp-settlement",reason="error"}';
/** A second and more older with each second, from 5 min on. */
const AGEING = '0.2+0x59 0+5x83';
const settlementOnly = (values: Series): Series => values;

export const ofEvents = [
  fires('RelayStopped', 'a replica has lost its partitions, events wait', {
    at: '6m30s',
    msk: { [RELAY]: turn(4, 0), [AGE]: AGEING },
    labels: { topic: 'policies.v1' },
  }),
  fires('RelayStopped', 'the relay of the tariffs owns three of four', {
    at: '6m30s',
    msk: { 'outbox_relay_partitions{service="ins-product-aggregator",topic="tariffs.v1"}': turn(4, 3) },
    labels: { topic: 'tariffs.v1' },
  }),
  silent('RelayStopped', 'partitions are given up and taken again', {
    at: '8m',
    msk: { [RELAY]: `4+0x59 ${'0 0 4 '.repeat(28).trim()}` },
  }),

  fires('OutboxBehind', 'as without Kafka: the relay keeps its partitions, the first event waits', {
    at: '6m30s',
    msk: { [AGE]: AGEING },
    labels: { topic: 'policies.v1' },
  }),
  fires('OutboxBehind', 'tariffs wait, and insurers grow stale for it', {
    at: '7m30s',
    msk: {
      'outbox_oldest_age_seconds{service="ins-product-aggregator",topic="tariffs.v1"}': AGEING,
      'catalogue_insurer_freshness{service="core-app",insurer="volga",state="stale"}': '0+0x74 1+0x60',
    },
    labels: { topic: 'tariffs.v1' },
  }),
  silent('OutboxBehind', 'the first event waits for half a minute', { at: '8m', msk: { [AGE]: turn(0.2, 30) } }),

  fires('SettlementDown', 'its scrape fails', {
    at: '5m40s',
    msk: { [SETTLEMENT]: turn(1, 0), ...allOf('ins-comp-settlement', gone) },
  }),
  silent('SettlementDown', 'it is restarted in 15 s', {
    at: '6m',
    msk: { [SETTLEMENT]: blip(1, 0, 3), ...settlementOnly({ [LAG]: blip(2, 90, 3) }) },
  }),

  fires('SettlementFailing', 'batches come again and again, and it lags', {
    at: '7m30s',
    msk: { [FAILURES]: '0+0x59 0+2x83', [LAG]: '2+0x59 0+20x83' },
  }),
  silent('SettlementFailing', 'one batch was given back', { at: '6m30s', msk: { [FAILURES]: '0+0x59 1+0x83' } }),
  silent('SettlementFailing', 'its database was away a minute ago', {
    at: '9m',
    msk: {
      [FAILURES]: '0+0x59 0+2x41 82+0x41',
      'health_check_ok{service="edge",check="core"}': '1+0x59 0+0x41 1+0x41',
      'health_check_ok{service="core-app",check="database"}': '1+0x59 0+0x41 1+0x41',
      'health_check_ok{service="ins-comp-settlement",check="database"}': '1+0x59 0+0x41 1+0x41',
      'health_check_ok{service="ins-product-aggregator",check="database"}': '1+0x59 0+0x41 1+0x41',
    },
  }),

  fires('SettlementLagging', 'it books, but 150 events wait', { at: '6m15s', msk: { [LAG]: turn(2, 150) } }),
  silent('SettlementLagging', '90 events wait', { at: '9m', msk: { [LAG]: turn(2, 90) } }),
  silent('SettlementLagging', 'it catches up after a restart', { at: '7m', msk: { [LAG]: '2+0x59 500-50x10 0+0x73' } }),

  fires('PartitionStopped', 'by a gap', {
    at: '5m15s',
    msk: { 'settlement_partition_stopped{service="ins-comp-settlement",partition="3",reason="gap"}': appear(1) },
    labels: { partition: '3', reason: 'gap' },
  }),
  silent('PartitionStopped', 'it was, and goes on', {
    at: '9m',
    msk: {
      'settlement_partition_stopped{service="ins-comp-settlement",partition="3",reason="gap"}': '_x60 1+0x41 stale',
    },
  }),

  fires('DeadLetters', 'two are parked', {
    at: '5m20s',
    msk: { 'settlement_dead_letters{service="ins-comp-settlement",reason="unreadable"}': appear(2) },
  }),
  silent('DeadLetters', 'the last was dismissed', {
    at: '9m',
    msk: { 'settlement_dead_letters{service="ins-comp-settlement",reason="unreadable"}': '_x60 2+0x41 stale' },
  }),

  fires('BooksDiffer', 'a day of one insurer', {
    at: '5m40s',
    msk: { 'settlement_reconciliation_differences{service="ins-comp-settlement"}': turn(0, 1) },
  }),
  silent('BooksDiffer', 'for 20 s', {
    at: '6m',
    msk: { 'settlement_reconciliation_differences{service="ins-comp-settlement"}': blip(0, 1, 4) },
  }),

  fires('RegisterNotClosed', 'for a quarter of an hour', {
    at: '11m',
    msk: { 'settlement_registers_overdue{service="ins-comp-settlement"}': still(3) },
  }),
  silent('RegisterNotClosed', 'it is being closed', {
    at: '11m',
    msk: { 'settlement_registers_overdue{service="ins-comp-settlement"}': blip(0, 3, 12) },
  }),

  fires('DayNotTold', 'the last one told ended 25 h and a quarter ago', {
    at: '6m',
    msk: { 'core_last_day_told_seconds{service="core-app"}': still(-25.25 * 3_600) },
  }),
  silent('DayNotTold', 'it ended 24 h 50 min ago', {
    at: '6m',
    msk: { 'core_last_day_told_seconds{service="core-app"}': still(-24 * 3_600 - 50 * 60) },
  }),
  silent('DayNotTold', 'core was away and says it again', {
    at: '11m',
    msk: { 'core_last_day_told_seconds{service="core-app"}': absence(0), [FAILURES]: begin(0) },
  }),
];
