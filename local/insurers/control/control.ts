import { type Context, Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import { ALLOWED_CHANGES, ChangeByPercent, changeByPercent, ratesInForce, SetRate, setRate } from './change-rates.ts';
import { FAULT_NAMES, Fault } from './faults.ts';
import { readBody, readFields } from './read-body.ts';
import { type StagedInsurer, stageInsurer } from './staged-insurer.ts';

interface ControlContext {
  /** By id; a reset puts another in its place. */
  readonly insurers: Map<string, StagedInsurer>;
  readonly now: () => Date;
}

const ALLOWED_FAULTS = `{ "fault": ${FAULT_NAMES.join(' | ')} }, "times" with any, "delayMs" with slow, "retryAfterSeconds" with 429`;
const ROUTES =
  'GET /control, PUT and DELETE /control/{id}/fault, POST /control/{id}/tariff, POST /control/{id}/withdraw, POST /control/{id}/reset';

/** OSAGO cannot be withdrawn: every insurer sells it. */
const Withdrawal = z.strictObject({ product: z.enum(['travel', 'property', 'life']) });
const ALLOWED_WITHDRAWALS = `{ "product": ${Withdrawal.shape.product.options.join(' | ')} }`;

/** What is done to the simulated insurers while they run: faults, prices, products. JSON; nothing of it is stored. */
export function createControl(ctx: ControlContext): Hono {
  const control = new Hono();
  control.onError((error, c) => {
    if (error instanceof HTTPException) return c.json({ error: error.message }, error.status);
    throw error;
  });
  control.get('/', (c) => c.json({ items: [...ctx.insurers.values()].map(told) }));
  control.put('/:id/fault', async (c) => {
    const insurer = insurerOf(ctx, c);
    const body = await readBody(c, ALLOWED_FAULTS);
    insurer.fault = readFields(body, { schema: Fault, allowed: ALLOWED_FAULTS });
    return c.json(told(insurer));
  });
  control.delete('/:id/fault', (c) => {
    const insurer = insurerOf(ctx, c);
    insurer.fault = undefined;
    return c.json(told(insurer));
  });
  control.post('/:id/tariff', async (c) => {
    const { simulator, book } = insurerOf(ctx, c);
    const body = await readBody(c, ALLOWED_CHANGES);
    const today = moscowDate(ctx.now());
    const read = { allowed: ALLOWED_CHANGES };
    if ('percent' in body) changeByPercent(book, { ...readFields(body, { schema: ChangeByPercent, ...read }), today });
    else setRate(book, { ...readFields(body, { schema: SetRate, ...read }), today });
    return c.json({ id: simulator.id, rates: ratesInForce(book, today) });
  });
  control.post('/:id/withdraw', async (c) => {
    const insurer = insurerOf(ctx, c);
    const body = await readBody(c, ALLOWED_WITHDRAWALS);
    const { product } = readFields(body, { schema: Withdrawal, allowed: ALLOWED_WITHDRAWALS });
    delete insurer.book[product];
    return c.json(told(insurer));
  });
  control.post('/:id/reset', (c) => {
    const { simulator } = insurerOf(ctx, c);
    const begun = stageInsurer(simulator);
    ctx.insurers.set(simulator.id, begun);
    return c.json(told(begun));
  });
  control.all('/*', (c) => {
    throw new HTTPException(404, { message: `${c.req.method} ${c.req.path} is not of this API; allowed: ${ROUTES}` });
  });
  return control;
}

function insurerOf({ insurers }: ControlContext, c: Context): StagedInsurer {
  const id = c.req.param('id') ?? '';
  const insurer = insurers.get(id);
  if (insurer) return insurer;
  const allowed = [...insurers.keys()].join(', ');
  throw new HTTPException(404, { message: `There is no insurer "${id}"; allowed: ${allowed}` });
}

function told({ simulator, book, fault }: StagedInsurer) {
  return { id: simulator.id, fault: fault ?? null, sells: Object.keys(book), osago: book.osago };
}
