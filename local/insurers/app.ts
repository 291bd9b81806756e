import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { applyFault, type FaultContext } from './control/apply-fault.ts';
import { createControl } from './control/control.ts';
import { stageInsurer, takeFault } from './control/staged-insurer.ts';
import type { Simulator } from './simulator.ts';

interface InsurersContext extends FaultContext {
  readonly now: () => Date;
}

/** Simulated insurers, each under its id with its book, and beside them what controls them while they run. */
export function createInsurersApp(
  simulators: readonly Simulator[],
  ctx: InsurersContext,
): Hono<{ Bindings: Partial<HttpBindings> }> {
  const insurers = new Map(simulators.map((simulator) => [simulator.id, stageInsurer(simulator)]));
  const app = new Hono<{ Bindings: Partial<HttpBindings> }>();
  app.get('/healthz/live', (c) => c.json({ status: 'ok', insurers: [...insurers.keys()] }));
  app.route('/control', createControl({ insurers, now: ctx.now }));
  app.all('/:id/*', (c) => {
    const insurer = insurers.get(c.req.param('id'));
    if (!insurer) return c.notFound();
    const fault = takeFault(insurer);
    return fault ? applyFault(ctx, { c, insurer, fault }) : insurer.answer(c);
  });
  return app;
}
