import { ural as simulator } from '../../local/insurers/ural.ts';
import { describeAdapter } from './adapter.conformance.ts';
import insurer from './ural.ts';

/** The rest of the first row of a table. */
const row = (table: string) => new RegExp(`(<tns:Coefficient table="${table}">.*?)<`);

describeAdapter({
  insurer,
  simulator,
  withNewField: (text) =>
    text
      .replace('<tns:Edition>', '<tns:New a="1"><tns:Deep/></tns:New><tns:Edition>')
      .replace(/<tns:(Rate|Coefficient) /, '<tns:$1 note="new" xmlns:n="urn:new" n:note="1" ')
      .replace('</tns:Terms>', '<tns:Deductible>5</tns:Deductible></tns:Terms>'),
  wrongFields: [
    [/>218840</, '>2188.40<', 'Rate[0].BaseRate["#text"]: must be whole kopecks'],
    [/>218840</, '>0<', 'Rate[0].BaseRate["#text"]: must be whole kopecks'],
    [/unit="kopeck"/, 'unit="rouble"', '["@unit"]'],
    [/class="B-UL"/, 'class="LK"', 'Rate[0]["@class"]: unknown vehicle class "LK"'],
    [/class="A"/, 'class="B-FL"', 'two base rates of row 2.2 are in force at once'],
    [/>60.5</, '>60.55<', 'CommissionPerMille: must be per mille'],
    [/>60.5</, '>1000.5<', 'CommissionPerMille'],
    [/<tns:ValidFrom>2025-12-09/, '<tns:ValidFrom>2025-02-30', 'Rate[0].ValidFrom'],
    [/<tns:Total>13</, '<tns:Total>4<', '5 rows came, the insurer counts 4'],
    [/<tns:Total>13</, '<tns:Total>99<', 'a page names itself or an earlier one as the next'],
    [/<tns:Offset>5</, '<tns:Offset>6<', '12 rows came, the insurer counts 13'],
    [/<tns:Rate class="B-UL">.*\n/, '', 'a row came twice'],
    [/<tns:Status>ON_SALE<\/tns:Status>/, '', 'Status'],
    [/<tns:Status>ON_SALE</, '<tns:Status>PAUSED<', 'Status'],
    [/<tns:Status>ON_SALE</, '<tns:Status>WITHDRAWN<', 'CommissionPerMille'],
    [/<tns:CommissionPerMille>215.0<\/tns:CommissionPerMille>/, '', 'CommissionPerMille'],
    [/<tns:Terms>.*<\/tns:Terms>/, '', 'Terms'],
    [/of="FLAT"/, 'of="GARAGE"', 'Terms.AnnualRate: unknown code "GARAGE"'],
    [/of="FLAT"/, 'of="HOUSE"', 'Terms.AnnualRate: two coefficients for "HOUSE"'],
    [/of="PERSON"/, 'of="FLAT"', 'Terms.AnnualRate: must be of a person'],
    [/kopecks-for-1000-roubles/, 'per-cent', 'Terms.AnnualRate[0]["@unit"]'],
    [/>285.00</, '>285,00<', 'must be a decimal with "."'],
    [/>285.00</, '>285.001<', 'Terms.AnnualRate[0]["#text"]'],
    [/>32000000</, '>32000050<', 'Terms.MinSum: must be whole roubles'],
    [/<tns:MaxAgeAtEnd>71</, '<tns:MaxAgeAtEnd>-1<', 'Terms.MaxAgeAtEnd: must be a whole number'],
    [/<tns:MaxAgeAtEnd>71<\/tns:MaxAgeAtEnd>/, '', 'Terms.MaxAgeAtEnd'],
    [/>WOOD</, '>STRAW<', 'MATERIAL: unknown code "STRAW"'],
    [/>WOOD</, '>BRICK<', 'MATERIAL: two coefficients for "BRICK"'],
    [/table="SMOKER"/g, 'table="SMOKING"', 'SMOKER'],
    [/table="OCCUPATION"/, 'table="HOBBY"', 'Unrecognized key: "HOBBY"'],
    [/>1.5200</, '>-1.5200<', 'Coefficient[2].Value: must be a decimal with "."'],
    [/>1.5200</, '>1.52001<', 'Coefficient[2].Value'],
    [/>1.5200</, '>0<', 'Coefficient[2].Value'],
    [/<tns:To>30</, '<tns:To>29<', 'must begin where the range before ends'],
    [/<tns:From>11</, '<tns:From>12<', 'BUILDING_AGE[1].from: must begin where the range before ends'],
    [/<tns:From>1000000001</, '<tns:From>10000001<', 'SUM[2].from: must begin where the range before ends'],
    [/<tns:To>4500000000</, '<tns:To>4500000001<', 'SUM[2].upTo'],
    [row('SEX'), '$1<tns:Note/>x<', 'the XML has text between elements'],
    [/<tns:From>0<\/tns:From>/, '', 'from'],
  ],
});
