import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Dashboard, toGrafana } from './dashboard.ts';
import { edge } from './edge.ts';
import { events } from './events.ts';
import { insurers } from './insurers.ts';
import { overview } from './overview.ts';
import { sales } from './sales.ts';

/** Each is written to `{name}.json`, which is what Grafana imports. */
export const DASHBOARDS: Readonly<Record<string, Dashboard>> = { overview, edge, sales, events, insurers };

export const fileOf = (name: string) => join(import.meta.dirname, `${name}.json`);
export const textOf = (dashboard: Dashboard) => `${JSON.stringify(toGrafana(dashboard), null, 2)}\n`;

// node k8s/monitoring/dashboards/write.ts
if (import.meta.main) {
  for (const [name, dashboard] of Object.entries(DASHBOARDS)) writeFileSync(fileOf(name), textOf(dashboard));
}
