import { describe, expect, test } from 'vitest';
import { don as simulator } from '../../local/insurers/don.ts';
import { describeAdapter } from './adapter.conformance.ts';
import { collectTurned } from './collect-turned.testing.ts';
import insurer from './don.ts';

describeAdapter({
  insurer,
  simulator,
  withNewField: (text) => text.replace('{', '{"new":{"deep":[1]},').replace('"from":0,', '"from":0,"new":1,'),
  wrongFields: [
    [/"base_kopecks":228315/, '"base_kopecks":2283.15', 'items[1].base_kopecks'],
    [/"base_kopecks":228315/, '"base_kopecks":"228315"', 'items[1].base_kopecks'],
    [/"base_kopecks":228315/, '"base_kopecks":0', 'items[1].base_kopecks'],
    [/"class":"M1-C"/, '"class":"M1-X"', 'items[1].class: unknown vehicle class "M1-X"'],
    [/"period":"2025-12-09\/\.\."/, '"period":"2025-12-09"', 'items[0].period: must be a period'],
    [/"period":"2025-12-09\/\.\."/, '"period":"2025-02-30/.."', 'items[0].period.first'],
    [/"period":"2025-12-09\/\.\."/, '"period":"../.."', 'items[0].period.first'],
    [/"period":"2025-12-09\/\.\."/, '"period":"2025-12-09/"', 'items[0].period.last'],
    [/"period":"2025-12-09\/\.\."/, '"period":"2025-12-09/../.."', 'items[0].period: must be a period'],
    [/"agent_fee_bp":810/, '"agent_fee_bp":8.1', 'agent_fee_bp'],
    [/"agent_fee_bp":810/, '"agent_fee_bp":10001', 'agent_fee_bp'],
    [/"product":"mtpl"/, '"product":"hull"', 'product'],
    [/"offset":5/, '"offset":6', 'page.offset'],
    [/"total":13/, '"total":4', '5 rows came, the insurer counts 4'],
    [/"product":"property"/, '"product":"cargo"', 'product'],
    [/"agent_fee_bp":2400/, '"agent_fee_bp":null', 'tariff.agent_fee_bp'],
    [/"tariff":\{/, '"tarif":{', 'tariff'],
    [/"flat":26500/, '"flat":2.65', 'tariff.annual_rate_e7.flat'],
    [/"flat":26500/, '"apartment":26500', 'tariff.annual_rate_e7: unknown code "apartment"'],
    [/"concrete":9600/, '"concrete":-9600', 'tariff.walls_e4.concrete'],
    [/"timber"/, '"straw"', 'tariff.walls_e4: unknown code "straw"'],
    [/"occupied_by_e4":\{[^}]*\}/, '"occupied_by_e4":{}', 'tariff.occupied_by_e4: must hold a coefficient'],
    [/"alarm_e4":\{"armed":9000/, '"alarm_e4":{"armed":10000000', 'tariff.alarm_e4.armed'],
    [/"from":11,/, '"from":12,', 'tariff.building_years: ranges must begin at 0 and follow one another without a gap'],
    [/"from":11,/, '"from":10,', 'tariff.building_years: ranges must begin at 0'],
    [/"building_years":\[\{"from":0/, '"building_years":[{"from":1', 'tariff.building_years: ranges must begin at 0'],
    [/"to":100000000,/, '"to":100000050,', 'tariff.sum_kopecks[0].to'],
    [/"from":100000100,/, '"from":100000000,', 'tariff.sum_kopecks: ranges must begin at 0'],
    [/"min_sum_kopecks":30000000/, '"min_sum_kopecks":30000001', 'tariff.min_sum_kopecks'],
    [/"min_sum_kopecks":30000000/, '"min_sum_kopecks":0', 'tariff.min_sum_kopecks'],
    [/"term_months":\[.*?\]/, '"term_months":[]', 'tariff.term_months'],
    [/"to":1,/, '"to":-1,', 'tariff.term_months'],
  ],
});

describe('the adapter of don', () => {
  test('leaves property out when its tariff is null', async () => {
    const book = simulator.book();
    delete book.property;
    expect(await collectTurned(insurer, { app: simulator.serve(book) })).toMatchObject([{ product: 'osago' }]);
  });

  test.each(['"tariff":{}', '"tariff":[]', '"tariff":false', '"tariffs":null'])(
    'does not take %s for a product no longer sold',
    async (broken) => {
      const app = simulator.serve(simulator.book());
      const turn = (text: string) => text.replace(/"tariff":.*(?=\}$)/, broken);
      const refusal = { reason: 'schema', message: expect.stringContaining('tariff') };
      await expect(collectTurned(insurer, { app, turn })).rejects.toMatchObject(refusal);
    },
  );

  test('reads on from what came, however few a page holds', async () => {
    const asked: string[] = [];
    await collectTurned(insurer, { app: simulator.serve(simulator.book()), asked });
    expect(asked).toEqual([
      '/v2/tariffs/mtpl?offset=0&limit=50',
      '/v2/tariffs/mtpl?offset=5&limit=50',
      '/v2/tariffs/mtpl?offset=10&limit=50',
      '/v2/tariffs/property',
    ]);
  });
});
