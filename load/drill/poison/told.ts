import type { Expected } from './expected.ts';

/** The drill's own stream: all that was to be malformed came, and behind each whose policy is known its next event. */
export function checkSent({ malformed, reasons }: Expected, wanted: number): string[] {
  const behind = reasons.get('behind-dead-letter') ?? 0;
  return [
    ...(malformed.all === wanted ? [] : [`${malformed.all} malformed events were sent, not ${wanted}`]),
    ...(malformed.known === behind ? [] : [`behind ${malformed.known} malformed events ${behind} were sent`]),
  ];
}

/** What `/metrics` must tell at the end. */
export function checkTold(text: string, counted: Readonly<Record<string, number>>): string[] {
  const values = [
    ...text.matchAll(/^(settlement_(?:events_total|batch_failures_total|partition_stopped))\{(.*)\} (\S+)$/gm),
  ];
  return values.flatMap(([, name = '', labels = '', value]) => {
    const outcome = /outcome="([^"]+)"/.exec(labels)?.[1] ?? '';
    const wanted = name === 'settlement_events_total' ? (counted[outcome] ?? 0) : 0;
    return Number(value) === wanted ? [] : [`${name}{${labels}} is ${value}, not ${wanted}`];
  });
}

/** What the log must have: a line for each that was parked, and nothing worse. */
export function checkHeard(heard: ReadonlyMap<string, number>, parked: number): string[] {
  const lines = heard.get('warn: event parked') ?? 0;
  const worse = [...heard].filter(([line]) => line.startsWith('error') || line.startsWith('fatal'));
  return [
    ...(lines === parked ? [] : [`the log has ${lines} events as parked, not ${parked}`]),
    ...worse.map(([line, count]) => `the log says ${count} times "${line}"`),
  ];
}
