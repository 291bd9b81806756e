import { type Demo, type DemoRegion, readDemo } from '../../local/read-demo.ts';

/** A running `npm start` and its first region, whose edge answers. Throws a sentence saying what to start. */
export async function requireRunning(command = 'npm start'): Promise<Demo & { readonly region: DemoRegion }> {
  const demo = await readDemo().catch(() => {
    throw new Error(
      `InsureTech does not run here (there is no .local/demo.json): run ${command} in another terminal first`,
    );
  });
  const [region] = demo.regions;
  if (!region) throw new Error(`No region runs: run ${command} in another terminal first`);
  const ready = await fetch(`${region.edge}/healthz/gslb`).catch(() => undefined);
  if (!ready?.ok) throw new Error(`Region ${region.name} does not answer at ${region.edge}: run ${command} again`);
  await ready.body?.cancel();
  return { ...demo, region };
}
