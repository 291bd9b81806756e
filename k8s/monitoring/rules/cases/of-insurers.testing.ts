import { fires, silent } from './case.testing.ts';
import { allOf, appear, blip, gone, still, turn } from './region.testing.ts';

const AGGREGATOR = 'up{service="ins-product-aggregator",instance="a"}';
const POLL = 'insurer_last_poll_ok{service="ins-product-aggregator",insurer="volga"}';
const OPEN = 'insurer_breaker_state{service="ins-product-aggregator",insurer="volga",state="open"}';
const HALF_OPEN = 'insurer_breaker_state{service="ins-product-aggregator",insurer="volga",state="half-open"}';
const QUARANTINE = 'insurer_quarantined{service="ins-product-aggregator",insurer="volga"}';
const STALE = 'catalogue_insurer_freshness{service="core-app",insurer="volga",state="stale"}';
const HIDDEN = 'catalogue_insurer_freshness{service="core-app",insurer="volga",state="hidden"}';
const labels = { insurer: 'volga' };

export const ofInsurers = [
  fires('AggregatorDown', 'and insurers grow stale for it', {
    at: '8m',
    msk: { [AGGREGATOR]: turn(1, 0), ...allOf('ins-product-aggregator', gone), [STALE]: turn(0, 1) },
  }),
  silent('AggregatorDown', 'it is restarted in 15 s', { at: '6m', msk: { [AGGREGATOR]: blip(1, 0, 3) } }),

  fires('InsurerFailing', 'its last poll failed', { at: '5m20s', msk: { [POLL]: turn(1, 0) }, labels }),
  silent('InsurerFailing', 'it failed and was asked again', { at: '6m', msk: { [POLL]: blip(1, 0, 2) } }),
  silent('InsurerFailing', 'it failed so often that its breaker is open', {
    at: '6m',
    msk: { [POLL]: turn(1, 0), [OPEN]: turn(0, 1) },
    labels,
    instead: 'InsurerBreakerOpen',
  }),

  fires('InsurerBreakerOpen', 'or half open', {
    at: '6m',
    msk: { [POLL]: turn(1, 0), [HALF_OPEN]: turn(0, 1) },
    labels,
  }),
  silent('InsurerBreakerOpen', 'its offers are marked by now', {
    at: '6m',
    msk: { [POLL]: turn(1, 0), [OPEN]: turn(0, 1), [STALE]: turn(0, 1) },
    labels,
    instead: 'TariffStale',
  }),

  fires('InsurerNotBelieved', 'its reply was put aside', {
    at: '5m20s',
    msk: { [POLL]: turn(1, 0), [QUARANTINE]: appear(300) },
    labels,
  }),
  silent('InsurerNotBelieved', 'it is believed again', { at: '9m', msk: { [QUARANTINE]: '_x60 300+0x20 stale' } }),

  fires('TariffStale', 'the insurer has not been heard of', { at: '5m40s', msk: { [STALE]: turn(0, 1) }, labels }),
  silent('TariffStale', 'until the aggregator is back and has asked', { at: '6m', msk: { [STALE]: blip(0, 1, 4) } }),
  silent('TariffStale', 'core is away, and was before', {
    at: '6m',
    msk: {
      [STALE]: still(1),
      'up{service="core-app",instance="a"}': turn(1, 0),
      'up{service="core-app",instance="b"}': turn(1, 0),
    },
    instead: 'CoreDown',
  }),

  fires('TariffHidden', 'its offers are hidden, not marked', {
    at: '5m40s',
    msk: { [STALE]: '1+0x59 0+0x83', [HIDDEN]: turn(0, 1) },
    labels,
  }),
  silent('TariffHidden', 'its offers are marked', {
    at: '5m40s',
    msk: { [STALE]: turn(0, 1) },
    labels,
    instead: 'TariffStale',
  }),
];
