import { describe, expect, test } from 'vitest';
import { volga as simulator } from '../../local/insurers/volga.ts';
import { describeAdapter } from './adapter.conformance.ts';
import { collectTurned } from './collect-turned.testing.ts';
import insurer from './volga.ts';

describeAdapter({
  insurer,
  simulator,
  withNewField: (text) => text.replace('{', '{"new":{"deep":[1]},').replace('"vozrast",', '"vozrast","new":1,'),
  wrongFields: [
    [
      /"bazovaya_stavka":"2415"/,
      '"bazovaya_stavka":"2415,005"',
      'tarify[1].bazovaya_stavka: must be a decimal with ","',
    ],
    [/"bazovaya_stavka":"2415"/, '"bazovaya_stavka":2415', 'tarify[1].bazovaya_stavka'],
    [/"bazovaya_stavka":"2415"/, '"bazovaya_stavka":"0"', 'tarify[1].bazovaya_stavka'],
    [/"s":"09.12.2025"/, '"s":"31.02.2025"', 'tarify[1].s: Invalid ISO date'],
    [/"s":"09.12.2025"/, '"s":"2025-12-09"', 'tarify[1].s: must be a date, dd.mm.yyyy'],
    [/_proc":"7,50"/, '_proc":"107,50"', 'voznagrazhdenie_agenta_proc'],
    [/"kod":"2.1"/, '"kod":"8"', 'tarify[1].kod'],
    [/"po":null/, '"to":null', 'tarify[1].po'],
    [/"vsego_strok":13/, '"vsego_strok":12', 'the insurer counts 12'],
    [/"vsego_stranic":7/, '"vsego_stranic":1', '2 rows came, the insurer counts 13'],
    [/"stranica":2/, '"stranica":1', 'names itself or an earlier one'],
    [/"kod":"3.1"/, '"kod":"3.2"', 'two base rates of row 3.2 are in force at once'],
    [/"prodazha":"otkryta"/, '"prodazha":"zakryta"', 'prodazha'],
    [/"prodazha":"otkryta"/, '"prodazha":"prekrashchena"', 'prichina'],
    [/_proc":"22,50"/, '_proc":22.5', 'voznagrazhdenie_agenta_proc'],
    [/"stavka_za_den":"95,40"/, '"stavka_za_den":"95.40"', 'stavka_za_den: must be a decimal with ","'],
    [/"stavka_za_den":"95,40"/, '"stavka_za_den":"100000,01"', 'stavka_za_den'],
    [/"SHENGEN"/, '"SSHA"', 'territoriya: unknown code "SSHA"'],
    [/"SHENGEN"/, '"SNG"', 'territoriya: two coefficients for "SNG"'],
    [/"gruppa":"otdyh"/, '"gruppa":"pogoda"', 'Unrecognized key: "pogoda"'],
    [/"gruppa":"dnej"/g, '"gruppa":"dni"', 'dnej'],
    [/"koefficient":"1,75"/, '"koefficient":"1.75"', 'otdyh[1].koefficient: must be a decimal with ","'],
    [/"koefficient":"0,9"/, '"koefficient":"0"', 'vozrast[1].koefficient'],
    [/"do":17/, '"do":3', 'vozrast: bands must ascend'],
    [/"do":17/, '"do":17.5', 'vozrast[1].do'],
    [/"vsego_strok":19/, '"vsego_strok":16', 'the insurer counts 16'],
    [/"vsego_stranic":3/, '"vsego_stranic":2', '16 rows came, the insurer counts 19'],
  ],
});

describe('the adapter of volga', () => {
  test('leaves travel out only for the words that it is no longer sold, not for an empty list', async () => {
    const book = simulator.book();
    delete book.travel;
    const app = simulator.serve(book);
    expect(await collectTurned(insurer, { app })).toMatchObject([{ product: 'osago' }]);
    const empty = JSON.stringify({
      redakciya: 'a',
      stranica: 1,
      vsego_stranic: 0,
      vsego_strok: 0,
      prodazha: 'otkryta',
      voznagrazhdenie_agenta_proc: '20',
      stavka_za_den: '90',
      koefficienty: [],
    });
    const turn = (text: string) => (text.includes('prekrashchena') ? empty : text);
    await expect(collectTurned(insurer, { app, turn })).rejects.toMatchObject({
      reason: 'schema',
      message: expect.stringContaining('territoriya'),
    });
  });
});
