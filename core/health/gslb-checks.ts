import type { Health } from '#platform/lifecycle/health.ts';
import type { CoreContext } from '../context.ts';
import { requireInService } from '../drain/require-in-service.ts';
import { checkCommit } from './check-commit.ts';

/** What must be so for the load balancer to send new business here. */
export const gslbChecks = (ctx: Pick<CoreContext, 'db' | 'now'>): Health['checks'] => ({
  database: () => checkCommit(ctx),
  drain: () => requireInService(ctx),
});
