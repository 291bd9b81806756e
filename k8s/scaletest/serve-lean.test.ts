import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LeanHeaders, LeanResponse } from './lean-fetch.ts';
import { serveLean } from './serve-lean.ts';

/** Tells what it was asked. */
const echo = ({ method, url, headers }: Request) =>
  new LeanResponse(`${method} ${url} ${headers.get('X-Asked')}`, {
    status: 202,
    headers: new LeanHeaders({ 'x-answered': 'yes' }),
  }) as unknown as Response;

const server = serveLean(echo, { port: 0 });
let origin = '';
beforeAll(async () => {
  if (!server.listening) await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

it('hands a request over HTTP to the app whole, and its answer back with its length', async () => {
  const answer = await fetch(`${origin}/some/path?and=query`, { headers: { 'x-asked': 'this' } });
  const text = `GET ${origin}/some/path?and=query this`;
  expect([answer.status, await answer.text()]).toEqual([202, text]);
  expect(answer.headers.get('x-answered')).toBe('yes');
  expect(answer.headers.get('content-length')).toBe(String(text.length));
});
