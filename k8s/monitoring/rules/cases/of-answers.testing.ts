import { fires, type NamedCase, silent } from './case.testing.ts';
import { answers, begin, count, named, RATES, type Series, turn } from './region.testing.ts';

type Kind = 'quotes' | 'sales';
const GOOD = { quotes: 200, sales: 201 } as const;

/** So much of a second's answers fails from 5 min on; the rest is good. */
const failing = (of: Kind, share: number): Series => answers(of, 500, both(begin(RATES[of] * share)));
const both = (values: string) => ({ all: values, prompt: values });

function quick(alert: string, of: Kind): NamedCase[] {
  return [
    fires(alert, 'a fifth fails', { at: '6m30s', msk: failing(of, 0.2) }),
    fires(alert, 'all are answered, a tenth after more than 2.5 s', {
      at: '6m30s',
      msk: answers(of, GOOD[of], {
        all: count(RATES[of]),
        prompt: `0+${RATES[of]}x59 ${59 * RATES[of]}+${RATES[of] * 0.9}x83`,
      }),
    }),
    fires(alert, 'a fifth fails, and the check of the region with it, now and then', {
      at: '6m30s',
      msk: {
        ...failing(of, 0.2),
        'health_check_ok{service="edge",check="core"}': `1+0x59 ${'0 1 1 1 '.repeat(21).trim()}`,
      },
    }),
    silent(alert, 'one in a hundred fails', { at: '11m', msk: failing(of, 0.01) }),
    silent(alert, 'few are asked and three of them fail', {
      at: '8m',
      msk: { ...answers(of, GOOD[of], both('0+1x143')), ...answers(of, 500, both('_x60 0 1 2 3 3+0x79')) },
    }),
    silent(alert, 'callers are refused', { at: '11m', msk: answers(of, 429, both(begin(RATES[of] * 4))) }),
    silent(alert, 'what fails is the trouble of the region', {
      at: '6m',
      msk: { ...failing(of, 1), 'health_check_ok{service="edge",check="core"}': turn(1, 0) },
      instead: 'RegionCannotSell',
    }),
  ];
}

interface Long {
  readonly minutes: number;
  /** Of the end of them, so much of the answers fails. */
  readonly forMinutes: number;
  readonly share: number;
  /** Minutes between samples: less than the 5 of the shortest window. */
  readonly step: number;
  readonly fires: readonly string[];
}

/** Hours or days, of a region of which nothing else is told. */
function long(of: Kind, { minutes, forMinutes, share, step }: Long): Series {
  const [samples, failing, perSample] = [minutes / step, forMinutes / step, 600 * step];
  const good = `0+${perSample}x${samples}`;
  const bad =
    failing < samples
      ? `0+0x${samples - failing - 1} 0+${perSample * share}x${failing}`
      : `0+${perSample * share}x${samples}`;
  const up = ['edge', 'core-app', 'ins-comp-settlement', 'ins-product-aggregator'].map((service) => [
    `up{service="${service}"}`,
    `1+0x${samples}`,
  ]);
  const series = { ...Object.fromEntries(up), ...answers(of, GOOD[of], both(good)), ...answers(of, 500, both(bad)) };
  return named('msk', series);
}

const longCase = (
  of: string,
  shows: NamedCase['shows'],
  name: string,
  { kind, ...what }: Long & { kind: Kind },
): NamedCase => ({
  of,
  shows,
  name,
  at: `${what.minutes}m`,
  step: `${what.step}m`,
  series: long(kind, what),
  fires: [{ alert: 'Watchdog', labels: {} }, ...what.fires.map((alert) => ({ alert, labels: { region: 'msk' } }))],
});

const [HOURS_7, DAYS_3] = [7 * 60, 3 * 24 * 60 + 32];

function slow(prefix: 'Quotes' | 'Sales', kind: Kind): NamedCase[] {
  const [slowly, leaking] = [`${prefix}FailingSlowly`, `${prefix}BudgetLeaking`];
  const case7h = (shows: NamedCase['shows'], name: string, what: Omit<Long, 'minutes' | 'step'>) =>
    longCase(slowly, shows, name, { kind, minutes: HOURS_7, step: 2, ...what });
  return [
    case7h('fires', 'one in a hundred, for six hours', { forMinutes: 360, share: 0.01, fires: [slowly] }),
    case7h('silent', 'four in a thousand, for six hours', { forMinutes: 360, share: 0.004, fires: [] }),
    case7h('silent', 'one in a hundred, for an hour', { forMinutes: 60, share: 0.01, fires: [] }),
    longCase(slowly, 'silent', 'one in a hundred, but Prometheus has seen but two hours', {
      kind,
      minutes: 120,
      step: 2,
      forMinutes: 120,
      share: 0.01,
      fires: [],
    }),
    longCase(leaking, 'fires', 'two in a thousand, for three days', {
      kind,
      minutes: DAYS_3,
      step: 4,
      forMinutes: DAYS_3,
      share: 0.002,
      fires: [leaking],
    }),
    longCase(leaking, 'silent', 'two in a thousand, for a day', {
      kind,
      minutes: DAYS_3,
      step: 4,
      forMinutes: 24 * 60,
      share: 0.002,
      fires: [],
    }),
  ];
}

export const ofAnswers = [
  ...quick('QuotesFailing', 'quotes'),
  ...quick('SalesFailing', 'sales'),
  ...slow('Quotes', 'quotes'),
  ...slow('Sales', 'sales'),
];
