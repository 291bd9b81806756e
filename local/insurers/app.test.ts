import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { wait } from '#platform/lifecycle/wait.ts';
import { createInsurersApp } from './app.ts';
import { NOW, vostok, zapad } from './control/stand.testing.ts';

const insurers = () => createInsurersApp([vostok, zapad], { wait, held: new Set<Socket>(), now: () => NOW });
const breakDown = (app: ReturnType<typeof insurers>, fault: unknown) =>
  app.request('/control/vostok/fault', { method: 'PUT', body: JSON.stringify(fault) });
const statuses = async (app: ReturnType<typeof insurers>, times: number) => {
  const seen: number[] = [];
  for (let time = 0; time < times; time += 1) seen.push((await app.request('/vostok/tariffs')).status);
  return seen;
};

describe('createInsurersApp', () => {
  test('answers /healthz/live with the insurers that there are', async () => {
    const response = await insurers().request('/healthz/live');
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok', insurers: ['vostok', 'zapad'] }]);
  });

  test('has each insurer under its id, which it finds in its own address', async () => {
    const response = await insurers().request('http://insurers.test/vostok/address');
    expect(await response.json()).toEqual({ address: 'http://insurers.test/vostok/address' });
    expect((await insurers().request('/zapad/ws', { method: 'POST' })).status).toBe(200);
  });

  test.each(['/sever/tariffs', '/vostok/nothing', '/tariffs', '/'])('answers 404 at %s', async (path) => {
    expect((await insurers().request(path)).status).toBe(404);
  });

  test('a fault is of one insurer, at all its routes, and neither of the others nor of health and control', async () => {
    const app = insurers();
    expect((await breakDown(app, { fault: '500' })).status).toBe(200);
    for (const path of ['/vostok/tariffs', '/vostok/address', '/vostok/nothing', '/vostok']) {
      expect((await app.request(path)).status, path).toBe(500);
    }
    expect((await app.request('/zapad/ws', { method: 'POST' })).status).toBe(200);
    expect((await app.request('/healthz/live')).status).toBe(200);
    expect((await app.request('/control')).status).toBe(200);
  });

  test('a fault lasts until it is removed, or for as many requests as was said, or until another', async () => {
    const app = insurers();
    await breakDown(app, { fault: '500' });
    expect(await statuses(app, 3)).toEqual([500, 500, 500]);
    await app.request('/control/vostok/fault', { method: 'DELETE' });
    expect(await statuses(app, 1)).toEqual([200]);
    await breakDown(app, { fault: '500', times: 2 });
    expect(await statuses(app, 3)).toEqual([500, 500, 200]);
    await breakDown(app, { fault: '500', times: 2 });
    await breakDown(app, { fault: '429' });
    expect(await statuses(app, 3)).toEqual([429, 429, 429]);
  });

  test('two apps share no book and no fault', async () => {
    const [one, other] = [insurers(), insurers()];
    await breakDown(one, { fault: '500' });
    await one.request('/control/vostok/withdraw', { method: 'POST', body: '{"product":"travel"}' });
    expect(await statuses(other, 1)).toEqual([200]);
    expect(await (await other.request('/vostok/tariffs')).json()).toEqual({ data: { sold: vostok.book() } });
  });
});
