/** A unit of Grafana's: what all panels of a kind share. */
type Unit = 'short' | 's' | 'reqps' | 'percentunit' | 'bytes' | 'currencyRUB' | 'bool_yes_no' | 'none';

/** A query of Prometheus and how its series are called, Grafana's `{{label}}` in it. */
type Query = readonly [expr: string, legend: string];

export interface Panel {
  readonly title: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** A line over time unless it says otherwise; `stat` is one number for the range. */
  readonly type?: 'timeseries' | 'stat';
  /** What the reader must know to read it. */
  readonly description?: string;
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  /** Panels of a row share its width. */
  readonly rows: readonly { readonly title: string; readonly panels: readonly Panel[] }[];
}

const WIDTH = 24;
const HEIGHT = 8;
/** Of the row's own line. */
const HEAD = 1;
const DATASOURCE = { type: 'prometheus', uid: '$datasource' };

/** Whose series every query asks for. */
export const OF_REGION = 'region=~"$region"';

/** The JSON that Grafana imports: each dashboard has the same variables, each panel a unit and a legend. */
export function toGrafana({ uid, title, rows }: Dashboard): object {
  const panels: object[] = [];
  let y = 0;
  for (const row of rows) {
    const width = WIDTH / row.panels.length;
    const place = (index: number) => ({ h: HEIGHT, w: width, x: index * width, y: y + HEAD });
    panels.push({
      type: 'row',
      title: row.title,
      collapsed: false,
      gridPos: { h: HEAD, w: WIDTH, x: 0, y },
      panels: [],
    });
    panels.push(...row.panels.map((panel, index) => toPanel(panel, place(index))));
    y += HEAD + HEIGHT;
  }
  return {
    uid,
    title,
    tags: ['insuretech'],
    timezone: 'Europe/Moscow',
    schemaVersion: 39,
    editable: false,
    refresh: '10s',
    time: { from: 'now-1h', to: 'now' },
    templating: { list: VARIABLES },
    links: [
      {
        type: 'dashboards',
        title: 'InsureTech',
        tags: ['insuretech'],
        asDropdown: true,
        keepTime: true,
        includeVars: true,
      },
    ],
    panels: panels.map((panel, index) => ({ id: index + 1, ...panel })),
  };
}

const VARIABLES = [
  { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' },
  {
    name: 'region',
    label: 'Region',
    type: 'query',
    datasource: DATASOURCE,
    query: { query: 'label_values(up, region)', refId: 'region' },
    refresh: 2,
    multi: true,
    includeAll: true,
    allValue: '.+',
    current: { text: ['All'], value: ['$__all'] },
  },
];

function toPanel({ title, unit, queries, type = 'timeseries', description }: Panel, gridPos: object): object {
  return {
    type,
    title,
    ...(description && { description }),
    datasource: DATASOURCE,
    gridPos,
    fieldConfig: { defaults: { unit, min: 0, noValue: '-' }, overrides: [] },
    options: type === 'stat' ? STAT : LINES,
    targets: queries.map(([expr, legendFormat], index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource: DATASOURCE,
      expr,
      legendFormat,
      ...(type === 'stat' && { instant: true }),
    })),
  };
}

const STAT = { reduceOptions: { calcs: ['lastNotNull'], values: false }, colorMode: 'value', graphMode: 'none' };
const LINES = { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } };
