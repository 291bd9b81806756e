import { base64url } from 'jose';
import { serve } from '#platform/lifecycle/serve.ts';
import { createNaiveApp } from './naive.ts';

const of = (name: string) => process.env[name] ?? '';
const app = createNaiveApp({
  databaseUrl: of('DATABASE_URL'),
  hopKey: base64url.decode(of('HOP_KEY')),
  offerKey: base64url.decode(of('OFFER_KEYS').split(':')[1] ?? ''),
});
await serve(app.fetch, { host: '127.0.0.1', port: Number(of('PORT')) });
process.once('disconnect', () => process.exit(0));
process.send?.({});
