import { lena as simulator } from '../../local/insurers/lena.ts';
import { describeAdapter } from './adapter.conformance.ts';
import insurer from './lena.ts';

describeAdapter({
  insurer,
  simulator,
  withNewField: (text) =>
    text
      .replace('<t:Stavka ', '<t:Stavka Novoe="1" xmlns:n="urn:new" n:Novoe="1" ')
      .replace('<t:Usloviya ', '<t:Zametka><t:Tekst>1</t:Tekst></t:Zametka><t:Usloviya Novoe="1" ')
      .replace('<m:OtvetTarify ', '<m:OtvetTarify Novoe="1" '),
  wrongFields: [
    [/Rub="4731,55"/, 'Rub="4731.55"', 'Tarif["t:Stavka"][1]["@Rub"]: must be a decimal with ","'],
    [/Rub="4731,55"/, 'Rub="4731,555"', 'Tarif["t:Stavka"][1]["@Rub"]'],
    [/Rub="4731,55"/, 'Rub="0,00"', 'Tarif["t:Stavka"][1]["@Rub"]'],
    [/ Rub="4731,55"/, '', 'Tarif["t:Stavka"][1]["@Rub"]'],
    [/TipTS="LEGK_YUL"/, 'TipTS="LEGK"', '["@TipTS"]: unknown vehicle class "LEGK"'],
    [/ S="2025-12-09T06:00:00\+09:00"/, ' S="2025-12-09T06:00:00"', 'Tarif["t:Stavka"][1]["@S"]'],
    [/ S="2025-12-09T06:00:00\+09:00"/, ' S="2025-02-29T06:00:00+09:00"', 'Tarif["t:Stavka"][1]["@S"]'],
    [/ Po="2027-04-01T05:59:59\+09:00"/, ' Po=""', 'Tarif["t:Stavka"][1]["@Po"]'],
    [/ Po="2025-12-09T05:59:59\+09:00"/, '', 'two base rates of row 2.2 are in force at once'],
    [/KomissiyaProcent="7,80"/, 'KomissiyaProcent="107,80"', 'Tarif["@KomissiyaProcent"]'],
    [/ KomissiyaProcent="7,80"/, '', 'Tarif["@KomissiyaProcent"]'],
    [/<t:Stavka /, '<x:Stavka xmlns:x="urn:other" ', '11 rows came, the insurer counts 13'],
    [/VsegoStrok="13"/, 'VsegoStrok="12"', '13 rows came, the insurer counts 12'],
    [/VsegoStranic="2"/, 'VsegoStranic="1"', '7 rows came, the insurer counts 13'],
    [/Stranica="2"/, 'Stranica="1"', 'page 1 came, 2 was asked for'],
    [/ Stranica="1"/, ' Stranica=""', '["@Stranica"]: must be a whole number'],
    [/ Redakciya="[^"]*"/, '', '["@Redakciya"]'],
    [
      / KomissiyaProcent="27,80"/,
      ' xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:nil="true"',
      'Tarif: Unrecognized keys',
    ],
    [/<m:Tarif (.|\n)*<\/m:Tarif>/, '<m:Tarif/>', 'Tarif["@KomissiyaProcent"]'],
    [
      /<m:Tarif (.|\n)*<\/m:Tarif>/,
      '<m:Tarif x:nil="true" xmlns:x="http://www.w3.org/2001/XMLSchema-instance"/>',
      'rows came',
    ],
    [/<m:Tarif (.|\n)*<\/m:Tarif>/, '', 'Tarif["@KomissiyaProcent"]'],
    [/StavkaVDenRub="96,40"/, 'StavkaVDenRub="-96,40"', 'Usloviya["@StavkaVDenRub"]'],
    [/StavkaVDenRub="96,40"/, 'StavkaVDenRub="100000,01"', 'Usloviya["@StavkaVDenRub"]'],
    [/<t:Usloviya [^>]*>/, '', 'Usloviya'],
    [/Kod="SHENGEN"/, 'Kod="EVROPA"', 'Territoriya: unknown code "EVROPA"'],
    [/Kod="SHENGEN"/, 'Kod="SNG"', 'Territoriya: two coefficients for "SNG"'],
    [/Imya="Aktivnost"/, 'Imya="Aktiv"', 'Unrecognized key: "Aktiv"'],
    [/K="0,74"/, 'K="0.74"', 'Tarif["t:Koefficient"][0]["@K"]: must be a decimal with ","'],
    [/K="0,74"/, 'K="0,74001"', 'Tarif["t:Koefficient"][0]["@K"]'],
    [/Menee="3;18;65;75"/, 'Menee="3;18;65"', '["@K"]: must be one for each bound'],
    [/Menee="3;18;65;75"/, 'Menee="3;18;18;75"', 'Vozrast[0].bands: bands must ascend'],
    [/Menee="3;18;65;75"/, 'Menee="0;18;65;75"', 'Vozrast[0].bands[0].upTo'],
    [/Menee="3;18;65;75"/, 'Menee="3;18;65;"', '["@Menee"][3]: must be a whole number'],
    [/K="1,55;0,93;1;2,04"/, 'K="1,55;0,93;;2,04"', '["@K"][2]: must be a decimal with ","'],
    [/Imya="Dnei"/, 'Imya="Vozrast"', 'Vozrast: Too big'],
    [/RubNa100000="312,00"/, 'RubNa100000="312,001"', 'Usloviya["@RubNa100000"]'],
    [/VozrastOkonchaniya="68"/, 'VozrastOkonchaniya="0"', 'Usloviya["@VozrastOkonchaniya"]'],
    [/Kod="ZH"/, 'Kod="F"', 'Pol: unknown code "F"'],
  ],
});
