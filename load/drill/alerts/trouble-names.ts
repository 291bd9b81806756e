/**
 * What the drill of the alerts does to a region, in an order in which what one leaves in the rules' windows is over before
 * another would be told by it.
 */
export const TROUBLE_NAMES = [
  'edge-killed',
  'edge-hung',
  'core-killed',
  'core-hung',
  'database-killed',
  'database-hung',
  'database-read-only',
  'tables-locked',
  'region-drained',
  'core-stuttering',
  'store-killed',
  'kafka-killed',
  'settlement-killed',
  'aggregator-killed',
  'partner-flood',
  'relay-locked-out',
  'bookings-refused',
  'bookings-slow',
  'events-missing',
  'event-malformed',
  'books-differ',
  'insurer-failing',
  'insurer-absurd',
  'insurer-broken',
  'tariff-stale',
  'tariff-hidden',
  'core-restarting',
  'sales-slow',
  'sales-refused',
] as const;
export type TroubleName = (typeof TROUBLE_NAMES)[number];
