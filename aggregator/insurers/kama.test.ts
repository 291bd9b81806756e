import { describe, expect, test } from 'vitest';
import { kama as simulator } from '../../local/insurers/kama.ts';
import { testContext } from '../protocols/test-context.ts';
import { describeAdapter } from './adapter.conformance.ts';
import { collectTurned } from './collect-turned.testing.ts';
import insurer from './kama.ts';

describeAdapter({
  insurer,
  simulator,
  withNewField: (text) => text.replace('{', '{"Новое":{"Поле":[1]},').replace('"Менее":31', '"Новое":1,"Менее":31'),
  wrongFields: [
    [/"5.31290"/, '"5.3129"', '["Записи"][0]["СтавкаТысРуб"]: must be thousands of roubles with five places'],
    [/"5.31290"/, '"0.00000"', '["Записи"][0]["СтавкаТысРуб"]'],
    [/"5.31290"/, '5.3129', '["Записи"][0]["СтавкаТысРуб"]'],
    [/"КлассТС":222/, '"КлассТС":224', '["Записи"][0]["КлассТС"]: unknown vehicle class "224"'],
    [/"КлассТС":222/, '"КлассТС":"222"', '["Записи"][0]["КлассТС"]'],
    [/"ДействуетС":1765227600/, '"ДействуетС":"2025-12-09"', '["Записи"][0]["ДействуетС"]'],
    [/"ДействуетС":1765227600/, '"ДействуетС":1765227600.5', '["Записи"][0]["ДействуетС"]'],
    [/"ДействуетПо":null/, '"По":null', 'ДействуетПо'],
    [/"КомиссияПромилле":68.5/, '"КомиссияПромилле":68.55', 'КомиссияПромилле'],
    [/"КомиссияПромилле":68.5/, '"КомиссияПромилле":1000.5', 'КомиссияПромилле'],
    [/"КомиссияПромилле":68.5/, '"КомиссияПромилле":"68.5"', 'КомиссияПромилле'],
    [/"Всего":12/, '"Всего":13', '12 rows came, the insurer counts 13'],
    [/"Далее":"osago\?skip=4"/, '"Далее":null', '4 rows came, the insurer counts 12'],
    [/"Далее":"osago\?skip=8"/, '"Далее":"osago?skip=4"', 'names itself or an earlier one'],
    [/"Далее":"osago\?skip=4"/, '"Далее":"http://elsewhere.test/osago"', 'leads outside'],
    [/"Далее":"osago\?skip=4"/, '"Далее":"//elsewhere.test/osago"', 'leads outside'],
    [/"Далее":"osago\?skip=4"/, '"Далее":"/volga/hs/agent/osago?skip=4"', 'leads outside'],
    [/"Далее":"osago\?skip=4"/, '"Дальше":"osago?skip=4"', 'Далее'],
    [/"КомиссияПромилле":275.5/, '"КомиссияПромилле":-1', '["Записи"][0]["КомиссияПромилле"]'],
    [/"ГодовойТарифПромилле":2.85/, '"ГодовойТарифПромилле":2.85001', '["Записи"][0]["ГодовойТарифПромилле"]'],
    [/"ГодовойТарифПромилле":2.85/, '"ГодовойТарифПромилле":1e3', '["Записи"][0]["ГодовойТарифПромилле"]'],
    [/"ПредельныйВозраст":70/, '"ПредельныйВозраст":0', '["Записи"][0]["ПредельныйВозраст"]'],
    [/"Менее":41/, '"Менее":31', '["Записи"][0]["Возраст"]: bands must ascend'],
    [/"Менее":31/, '"Менее":0', '["Записи"][0]["Возраст"][0].upTo'],
    [/"Менее":31/, '"До":31', '["Записи"][0]["Возраст"][0]["Менее"]'],
    [/"Промилле":1450/, '"Промилле":1450.55', '["Записи"][0]["Возраст"][1]["Промилле"]'],
    [/"Промилле":1450/, '"Промилле":0', '["Записи"][0]["Возраст"][1]["Промилле"]'],
    [/"Срок":\[.*?\]/, '"Срок":[]', '["Записи"][0]["Срок"]'],
    [/"Код":"Ж"/, '"Код":"Х"', '["Записи"][0]["Пол"]: unknown code "Х"'],
    [/"Код":"НеКурит"/, '"Код":"Курит"', '["Записи"][0]["Курение"]: two coefficients for "Курит"'],
    [/"Занятость":\[.*?\]/, '"Занятость":[]', '["Записи"][0]["Занятость"]: must hold a coefficient'],
    [/"Всего":1,/, '"Всего":0,', '1 rows came, the insurer counts 0'],
    [/"Всего":1,/, '"Всего":2,', 'Всего'],
    [/"Записи":\[\{"Программа".*\]/, '"Записи":[]', '0 rows came, the insurer counts 1'],
  ],
});

describe('the adapter of kama', () => {
  test('leaves life out for a list that says it is empty', async () => {
    const book = simulator.book();
    delete book.life;
    expect(await collectTurned(insurer, { app: simulator.serve(book) })).toMatchObject([{ product: 'osago' }]);
  });

  test.each(['"Всего":0', '"Всего":0,"Записи":null', '"Записи":[]'])(
    'does not take %s for a product no longer sold',
    async (broken) => {
      const app = simulator.serve(simulator.book());
      const turn = (text: string) => text.replace(/"Всего":1,"Записи":.*(?=,"Далее")/, broken);
      await expect(collectTurned(insurer, { app, turn })).rejects.toMatchObject({ reason: 'schema' });
    },
  );

  test('follows a link that is an absolute path while it stays under the base URL', async () => {
    const app = simulator.serve(simulator.book());
    const ctx = testContext(async (url, init) => {
      const good = await app.request(url.replace('/kama', ''), init);
      return new Response((await good.text()).replace('"osago?', '"/kama/hs/agent/osago?'), good);
    });
    expect(await insurer.collect(ctx, 'http://insurers.test/kama')).toHaveLength(2);
  });

  test('never calls where a link leads outside', async () => {
    const asked: string[] = [];
    const turn = (text: string) => text.replace('"osago?', '"http://elsewhere.test/osago?');
    const collected = collectTurned(insurer, { app: simulator.serve(simulator.book()), turn, asked });
    await expect(collected).rejects.toMatchObject({ reason: 'paging' });
    expect(asked).toEqual(['/hs/agent/osago']);
  });
});
