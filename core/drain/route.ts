import { createRoute } from '@hono/zod-openapi';
import { Drain, DrainRequest } from '#contracts/drain.ts';
import { createRouter } from '#platform/http/create-app.ts';
import { json, refusals } from '#platform/http/responses.ts';
import type { CoreContext } from '../context.ts';
import { readDrain } from './read-drain.ts';
import { setDrain } from './set-drain.ts';

const security = [{ operatorToken: [] }];
const told = { 200: { description: 'Whether the load balancer is told to stay away', ...json(Drain) } };

const getRoute = createRoute({
  method: 'get',
  path: '/v1/drain',
  summary: 'Whether this region is drained',
  security,
  responses: { ...told, ...refusals(401) },
});

const putRoute = createRoute({
  method: 'put',
  path: '/v1/drain',
  summary: 'Drain this region, or take it back into service',
  description:
    'Drained, /healthz/gslb answers 503 and everything else is served as before. Whether another region is healthy is not looked at here.',
  security,
  request: { body: { required: true, ...json(DrainRequest) } },
  responses: { ...told, ...refusals(400, 401) },
});

/** The operator's routes. */
export function drainRoutes(ctx: CoreContext) {
  return createRouter()
    .openapi(getRoute, async (c) => c.json(await readDrain(ctx), 200))
    .openapi(putRoute, async (c) => c.json(await setDrain(ctx, c.req.valid('json')), 200));
}
