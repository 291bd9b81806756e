import type { Service } from '#platform/lifecycle/service.ts';
import { upstashEnvironment } from './environments.ts';
import type { Options } from './options.ts';
import { at, insurersPort, sharedUpstashPort } from './plan.ts';
import { superviseProcess } from './process.ts';
import type { StartContext } from './start-region.ts';

/** Starts what is of no region: the insurers, and the store in which all regions count limits, if they do. */
export function startOutside(ctx: StartContext, options: Options): Promise<Service>[] {
  const { shared } = ctx.shared.upstash;
  const start = (what: string, name: string, process: { port: number; entry: string; ready: string; env: object }) =>
    ctx.steps.time(what, () =>
      superviseProcess({
        name,
        entry: process.entry,
        env: { PORT: String(process.port), ...process.env },
        readyUrl: at(process.port) + process.ready,
        logFile: `.local/logs/${name}.log`,
        say: ctx.say,
        processes: ctx.processes,
      }),
    );
  const insurers = () =>
    start('insurers', 'insurers', {
      port: insurersPort(options),
      entry: 'local/insurers/main.ts',
      ready: '/healthz/live',
      env: { INSURER_COUNT: String(options.insurers) },
    });
  const port = sharedUpstashPort(options);
  const upstash = (token: string) =>
    start('Upstash stand-in', 'upstash', {
      port,
      entry: 'local/upstash/main.ts',
      ready: '/healthz/ready',
      env: upstashEnvironment({ port, token }, ctx.shared),
    });
  return [insurers(), ...(shared ? [upstash(shared.token)] : [])];
}
