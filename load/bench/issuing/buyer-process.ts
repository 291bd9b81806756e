import { base64url } from 'jose';
import { buy } from './buyer.ts';
import { type Purchase, signRequests } from './sign-requests.ts';

/** What the buyers' process is asked; it answers with `Bought`. */
export interface Order {
  readonly port: number;
  readonly connections: number;
  readonly count: number;
  readonly purchases: readonly Purchase[];
}

const hopKey = base64url.decode(process.env['HOP_KEY'] ?? '');
process.on('message', async ({ port, connections, count, purchases }: Order) => {
  // Signed before the clock starts: edge pays for that, not core.
  const requests = signRequests(hopKey, purchases, count);
  process.send?.(await buy(port, requests, connections));
});
process.once('disconnect', () => process.exit(0));
process.send?.({});
