import type { Socket } from 'node:net';
import { Tariff } from '#contracts/tariff.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { loadInsurer } from '../../../aggregator/insurers/load-insurer.ts';
import { createInsurersApp } from '../../../local/insurers/app.ts';
import { SIMULATORS } from '../../../local/insurers/simulators.ts';

const MAX_REPLY_BYTES = 1024 * 1024;

/** What the ten simulated insurers sell at a moment, as their adapters read it: by insurer, each as its first version. */
export async function collectTariffs(at: Date): Promise<Tariff[]> {
  const now = () => at;
  const app = createInsurersApp(SIMULATORS, { wait, held: new Set<Socket>(), now });
  const fetch = async (url: string, init: RequestInit) => app.request(url, init);
  const { signal } = new AbortController();
  const collected = SIMULATORS.map(async ({ id }) => {
    const insurer = await loadInsurer(id);
    const sold = await insurer.collect(
      { fetch, signal, maxBytes: MAX_REPLY_BYTES, now },
      `http://insurers.local/${id}`,
    );
    return sold.map((tariff) => Tariff.parse({ ...tariff, insurer: id, version: 1, asOf: at.toISOString() }));
  });
  return (await Promise.all(collected)).flat();
}
