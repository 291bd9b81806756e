import { SIMULATORS } from './insurers/simulators.ts';
import { KNOWN_REGIONS, type Options } from './options.ts';

/** Where everything of a region listens on 127.0.0.1. */
export interface RegionPlan {
  readonly name: string;
  readonly ports: {
    readonly edge: number;
    readonly core: number;
    readonly settlement: number;
    readonly aggregator: number;
    readonly edgeMetrics: number;
    readonly postgres: number;
    readonly upstash: number;
  };
  /** Before the topics of a region that shares the first one's broker. */
  readonly topicPrefix: string;
}

/** Ports between two regions, and between the first edge and the insurers. */
const REGION_STEP = 10;
const INSURERS_OFFSET = 113;

/** The row of ports: edge, then core, settlement, aggregator, edge's metrics, Postgres, the Upstash stand-in. */
export function planRegions(options: Options): RegionPlan[] {
  const row = [...KNOWN_REGIONS, ...options.regions.filter((name) => !KNOWN_REGIONS.includes(name))];
  return options.regions.map((name, index) => {
    const edge = options.port + REGION_STEP * row.indexOf(name);
    return {
      name,
      ports: {
        edge,
        core: edge + 1,
        settlement: edge + 2,
        aggregator: edge + 3,
        edgeMetrics: edge + 4,
        postgres: edge + 5,
        upstash: edge + 6,
      },
      topicPrefix: index === 0 ? '' : `${name}.`,
    };
  });
}

/** Where the insurers' simulators listen: 8900 beside an edge on 8787. */
export const insurersPort = (options: Options): number => options.port + INSURERS_OFFSET;

/** Where the store listens in which all regions count limits, if they do: as Upstash, it is outside of them. */
export const sharedUpstashPort = (options: Options): number => insurersPort(options) + 1;

/** The insurers that stand around the regions, as an aggregator is told of them: `volga=http://...,don=http://...`. */
export const planInsurers = (options: Options): string =>
  SIMULATORS.slice(0, options.insurers)
    .map(({ id }) => `${id}=${at(insurersPort(options))}/${id}`)
    .join(',');

export const at = (port: number): string => `http://127.0.0.1:${port}`;

/** Where a region's Postgres keeps its data. */
export const dataDirOf = (plan: RegionPlan): string => `.local/${plan.name}/postgres`;
