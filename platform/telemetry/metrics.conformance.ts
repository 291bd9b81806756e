import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

/** A metric as a scrape has it. */
interface Scraped {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  /** Names of labels; those of the registry and of a histogram's buckets left out. */
  readonly labels: readonly string[];
}

const EVERYWHERE = new Set(['service', 'region', 'le']);
/** prom-client's own of the process and of Node. */
const OF_NODE = /^(process|nodejs)_/;

/** Reads the text format of Prometheus. */
export function readScrape(text: string): Scraped[] {
  const help = new Map([...text.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, name = '', said = '']) => [name, said]));
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => {
    const own = lines.filter((line) => new RegExp(`^${name}(_bucket|_sum|_count)?[{ ]`).test(line));
    const labels = own.flatMap((line) => [...line.matchAll(/([a-z_]+)="/g)].map(([, label = '']) => label));
    const known = [...new Set(labels)].filter((label) => !EVERYWHERE.has(label)).sort();
    return { name, type, help: help.get(name) ?? '', labels: known };
  });
}

/** What `platform/README.md` says of a metric. */
interface Documented {
  readonly services: readonly string[];
  readonly type: string;
  readonly labels: readonly string[];
}

/** The rows of its table: `name` | services | type | labels | meaning. */
export function readDocumented(): ReadonlyMap<string, Documented> {
  const text = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `([a-z_]+)` \| ([^|]+) \| (gauge|counter|histogram) \| ([^|]*) \|/gm)];
  return new Map(
    rows.map(([, name = '', services = '', type = '', labels = '']) => [
      name,
      {
        services: services.split(',').map((service) => service.trim()),
        type,
        labels: [...labels.matchAll(/`([a-z_]+)`/g)].map(([, label = '']) => label).sort(),
      },
    ]),
  );
}

/**
 * A scrape of a service and the table of the README say the same: every metric is documented with its type and labels, and
 * every one that is documented of this service is there.
 */
export function expectDocumented(service: string, scrape: string): void {
  const documented = readDocumented();
  const scraped = readScrape(scrape).filter(({ name }) => !OF_NODE.test(name));
  for (const { name, type, help, labels } of scraped) {
    const row = documented.get(name);
    expect(row?.services, name).toContain(service);
    expect({ name, type }).toEqual({ name, type: row?.type });
    expect(help.length, `help of ${name}`).toBeGreaterThan(10);
    // Without a series yet, a scrape names no labels.
    expect(row?.labels, name).toEqual(expect.arrayContaining([...labels]));
  }
  const ofService = [...documented].filter(([, { services }]) => services.includes(service)).map(([name]) => name);
  expect(scraped.map(({ name }) => name).sort()).toEqual(ofService.sort());
}

/** The series of a scrape without their values; of histograms one for each, and none of Node: its handles come and go. */
export const seriesOf = (scrape: string): string[] =>
  scrape
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#') && !OF_NODE.test(line) && !/_(bucket|sum)[{ ]/.test(line))
    .map((line) => line.slice(0, line.lastIndexOf(' ')))
    .sort();
