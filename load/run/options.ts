import { ConfigError } from '#platform/config/parse-env.ts';
import { SCENARIO_NAMES, type ScenarioName, type Scenarios } from '../traffic/scenarios.ts';

export const TOOLS = ['k6', 'autocannon'] as const;
export type Tool = (typeof TOOLS)[number];

/** What `npm run load -- ...` was asked for. */
export interface Options {
  readonly name: ScenarioName;
  /** Undefined: k6 if it is there. */
  readonly tool?: Tool;
}

const isOneOf = <Word extends string>(words: readonly Word[], text: string | undefined): text is Word =>
  words.some((word) => word === text);

/** Reads the arguments; undefined when there are none. Throws ConfigError with a sentence and the scenarios there are. */
export function parseOptions(args: readonly string[], scenarios: Scenarios): Options | undefined {
  if (args.length === 0) return undefined;
  const [name, flag, tool, ...more] = args;
  if (!isOneOf(SCENARIO_NAMES, name)) {
    throw new ConfigError(`There is no scenario "${name}":\n${listing(scenarios)}`);
  }
  if (flag === undefined) return { name };
  if (flag !== '--with' || !isOneOf(TOOLS, tool) || more.length > 0) {
    const said = args.slice(1).join(' ');
    throw new ConfigError(`"${said}" is not allowed behind ${name}: only --with ${TOOLS.join(' or --with ')} is`);
  }
  return { name, tool };
}

/** The scenarios with a line each, and how to run one. */
export function listing({ scenarios }: Scenarios): string {
  const width = Math.max(...SCENARIO_NAMES.map((name) => name.length));
  return [
    'npm run load -- SCENARIO [--with k6 | --with autocannon], where SCENARIO is one of:',
    ...SCENARIO_NAMES.map((name) => `  ${name.padEnd(width)}  ${scenarios[name].says}`),
    'DURATION, RATE, SEED, PARTNER_LIMIT and BASE_URL change it: load/README.md.',
  ].join('\n');
}
