import { describe, expect, test } from 'vitest';
import { amur } from './amur.ts';

const app = amur.serve(amur.book());
const ask = async (document: string, from = app) => {
  const response = await from.request(`/tariffs/${document}`);
  return { status: response.status, body: await response.json() };
};

describe('amur', () => {
  test.each(['OSAGO', 'TRAVEL', 'PROPERTY'])('lists %s with the revision of its document', async (product) => {
    const listed = (await ask('index.json')).body.documents[product];
    const { body } = await ask(`${product.toLowerCase()}.json`);
    expect(listed).toEqual({ state: 'OPEN', revision: body.revision });
    expect(body.product).toBe(product);
  });

  test('writes money in roubles and kopecks, days as one number, and a far day for no end', async () => {
    const { vehicles, agentShare } = (await ask('osago.json')).body;
    expect(agentShare).toBe('9.25%');
    expect(vehicles.slice(1, 3)).toEqual([
      { kind: 'carOfPerson', base: { rub: 5_480, kop: 15 }, since: 20_251_209, till: 20_260_401 },
      { kind: 'carOfPerson', base: { rub: 5_593, kop: 60 }, since: 20_260_401, till: 99_991_231 },
    ]);
  });

  test('writes bands by their lower bounds with the limit beside them, and coefficients in per cent', async () => {
    const { zone, leisure, days } = (await ask('travel.json')).body;
    expect([zone.CIS, leisure]).toEqual(['81%', { CALM: '100%', ACTIVE: '155%' }]);
    expect(days).toEqual({
      steps: [
        { from: 0, factor: '110%' },
        { from: 8, factor: '100%' },
        { from: 22, factor: '92.5%' },
        { from: 61, factor: '84%' },
      ],
      most: 180,
    });
    expect((await ask('property.json')).body).toMatchObject({ per100k: { FLAT: '312', HOUSE: '524' } });
  });

  test.each(['life.json', 'osago', 'osago.xml'])('has no document %s', async (document) => {
    expect(await ask(document)).toEqual({ status: 404, body: { fault: 'no such document' } });
  });

  test.each(['travel', 'property'] as const)(
    'lists %s as closed when it is, and its document is gone',
    async (product) => {
      const book = amur.book();
      delete book[product];
      const changed = amur.serve(book);
      const { documents } = (await ask('index.json', changed)).body;
      expect(documents[product.toUpperCase()]).toEqual({ state: 'CLOSED' });
      expect(await ask(`${product}.json`, changed)).toMatchObject({ status: 410, body: { fault: expect.any(String) } });
    },
  );
});
