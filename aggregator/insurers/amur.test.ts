import { describe, expect, test } from 'vitest';
import { amur as simulator } from '../../local/insurers/amur.ts';
import { describeAdapter } from './adapter.conformance.ts';
import insurer from './amur.ts';
import { collectTurned } from './collect-turned.testing.ts';

describeAdapter({
  insurer,
  simulator,
  withNewField: (text) =>
    text
      .replace('{', '{"new":{"deep":[1]},')
      .replace('"documents":{', '"documents":{"PETS":{"state":"OPEN"},')
      .replace('"most":', '"new":1,"most":'),
  wrongFields: [
    [/"TRAVEL":\{"state":"OPEN"/, '"TRAVEL":{"state":"PAUSED"', 'documents.TRAVEL.state'],
    [/"PROPERTY":\{"state":"OPEN"/, '"HOUSE":{"state":"OPEN"', 'documents.PROPERTY'],
    [/"OSAGO":\{"state":"OPEN"/, '"OSAGO":{"state":"CLOSED"', 'documents.OSAGO.state'],
    [/"documents":\{/, '"files":{', 'documents'],
    [/"product":"TRAVEL","revision":"/, '"product":"TRAVEL","revision":"0', 'of another revision'],
    [/"product":"PROPERTY","revision"/, '"product":"TRAVEL","revision"', 'product'],
    [/"kind":"carOfCompany"/, '"kind":"carOfBank"', 'vehicles[0].kind: unknown vehicle class "carOfBank"'],
    [/"rub":2618/, '"rub":2618.4', 'vehicles[0].base.rub'],
    [/"rub":2618,"kop":45/, '"rub":2618,"kop":100', 'vehicles[0].base.kop'],
    [/"rub":2618,"kop":45/, '"rub":0,"kop":0', 'vehicles[0].base'],
    [/"since":20251209/, '"since":20250230', 'vehicles[0].since: Invalid ISO date'],
    [/"since":20251209/, '"since":2025129', 'vehicles[0].since: Invalid ISO date'],
    [/"till":99991231/, '"till":null', 'vehicles[0].till'],
    [/"agentShare":"9.25%"/, '"agentShare":"9.25"', 'agentShare: must be per cent, with its sign'],
    [/"agentShare":"9.25%"/, '"agentShare":"9.255%"', 'agentShare: must be a decimal with "."'],
    [/"agentShare":"9.25%"/, '"agentShare":"100.01%"', 'agentShare'],
    [/"perDay":\{"rub":87/, '"perDay":{"rub":870000', 'perDay'],
    [/"EU":/, '"NATO":', 'zone: unknown code "NATO"'],
    [/"50K":"123%"/, '"50K":"123,5%"', 'coverEur.50K: must be per cent'],
    [/"50K":"123%"/, '"50K":1.23', 'coverEur.50K'],
    [/"leisure":\{[^}]*\}/, '"leisure":{}', 'leisure: must hold a coefficient'],
    [/"age":\{"steps":\[\{"from":0/, '"age":{"steps":[{"from":1', 'age.steps: steps must begin at 0'],
    [/"from":18,/, '"from":3,', 'age: bands must ascend'],
    [/"from":71,/, '"from":90,', 'age: bands must ascend'],
    [/"most":180/, '"most":60', 'days: bands must ascend'],
    [/"most":180/, '"most":"180"', 'days.most'],
    [/"days":\{"steps":\[.*?\]/, '"days":{"steps":[]', 'days.steps: steps must begin at 0'],
    [/"FLAT":"312"/, '"FLAT":312', 'per100k.FLAT'],
    [/"FLAT":"312"/, '"FLAT":"312%"', 'per100k.FLAT: must be a decimal with "."'],
    [/"PANEL":"94%"/, '"PANEL":"0%"', 'walls.PANEL'],
    [/"guarded":\{"Y"/, '"guarded":{"YES"', 'guarded: unknown code "YES"'],
    [/"tenancy":/, '"rent":', 'tenancy'],
    [/"leastSumRub":400000/, '"leastSumRub":0', 'leastSumRub'],
    [/"from":2000001,/, '"from":2000001.5,', 'sumRub.steps[1].from'],
  ],
});

describe('the adapter of amur', () => {
  const withoutTravel = () => {
    const book = simulator.book();
    delete book.travel;
    return simulator.serve(book);
  };

  test('leaves a product out when it is listed as closed, and does not ask for its document', async () => {
    const asked: string[] = [];
    const collected = await collectTurned(insurer, { app: withoutTravel(), asked });
    expect(collected).toMatchObject([{ product: 'osago' }, { product: 'property' }]);
    expect(asked).toEqual(['/tariffs/index.json', '/tariffs/osago.json', '/tariffs/property.json']);
  });

  test.each(['', '"TRAVEL":null,', '"TRAVEL":{},', '"TRAVEL":{"state":"closed"},'])(
    'does not take %j for closed',
    async (listed) => {
      const turn = (text: string) => text.replace('"TRAVEL":{"state":"CLOSED"},', listed);
      const refusal = { reason: 'schema', message: expect.stringContaining('documents.TRAVEL') };
      await expect(collectTurned(insurer, { app: withoutTravel(), turn })).rejects.toMatchObject(refusal);
    },
  );
});
