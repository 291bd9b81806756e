import { yenisei as simulator } from '../../local/insurers/yenisei.ts';
import { describeAdapter } from './adapter.conformance.ts';
import insurer from './yenisei.ts';

describeAdapter({
  insurer,
  simulator,
  withNewField: (text) =>
    text
      .replace(/<(line|factor|threshold) /, '<$1 note="new" xmlns:n="urn:new" n:note="1" ')
      .replace(/<(line|factor) /, '<remark><text>1</text></remark><$1 ')
      .replace(' list=', ' printed="yes" list='),
  wrongFields: [
    [/rub="1560.75"/, 'rub="1560,75"', 'line[0]["@rub"]: must be a decimal with "."'],
    [/rub="1560.75"/, 'rub="1560.755"', 'line[0]["@rub"]'],
    [/rub="1560.75"/, 'rub="0.00"', 'line[0]["@rub"]'],
    [/ rub="1560.75"/, '', 'line[0]["@rub"]'],
    [/tariff="B1"/, 'tariff="B9"', 'line[1]["@tariff"]: unknown vehicle class "B9"'],
    [/tariff="B1"/, 'tariff="A"', 'two base rates of row 1 are in force at once'],
    [/since="20251209"/, 'since="20250230"', 'line[0]["@since"]'],
    [/since="20251209"/, 'since="2025-12-09"', 'line[0]["@since"]: must be a date as yyyymmdd'],
    [/till="20260930"/, 'till=""', 'line[2]["@till"]: must be a date as yyyymmdd'],
    [/ till="20260930"/, '', 'two base rates of row 2.2 are in force at once'],
    [/commission="6.90"/, 'commission="106.90"', '["@commission"]'],
    [/total="13"/, 'total="12"', '13 rows came, the insurer counts 12'],
    [/ total="13"/, '', '["@total"]'],
    [/<line .*\n/, '', '12 rows came, the insurer counts 13'],
    [/(<line .*\n)<line .*\n/, '$1$1', 'a row came twice'],
    [/<threshold .*\n/, '', 'the insurer counts'],
    [/list="[^"]*"/, 'list=""', '["@list"]'],
    [/list="[^"]*" onSale/, 'list="other" onSale', 'the price list changed while it was read'],
    [/ onSale="true"/, '', '["@onSale"]'],
    [/onSale="true"/, 'onSale="no"', '["@onSale"]'],
    [/onSale="true"/, 'onSale="false"', '["@total"]'],
    [/onSale="true" commission="19.75" total="\d+"/, 'onSale="false"', '["@perMillion"]'],
    [/onSale="true" [^>]*>/, 'onSale="false">', 'factor'],
    [/perMillion="2360.0"/, 'perMillion="2360.01"', '["@perMillion"]'],
    [/ageAtEnd="75"/, 'ageAtEnd="seventy"', '["@ageAtEnd"]: must be a whole number'],
    [/code="F"/, 'code="W"', 'SEX: unknown code "W"'],
    [/code="F"/, 'code="M"', 'SEX: two coefficients for "M"'],
    [/group="WORK"/, 'group="HOBBY"', 'Unrecognized key: "HOBBY"'],
    [/group="WORK"/g, 'group="SEX"', 'SEX: unknown code "1"'],
    [/percent="91.00"/, 'percent="91.001"', 'factor[0]["@percent"]'],
    [/percent="91.00"/, 'percent="+91.00"', 'factor[0]["@percent"]: must be a decimal with "."'],
    [/percent="91.00"/, 'percent="0.00"', 'factor[0]["@percent"]'],
    [/group="AGE" from="0"/, 'group="AGE" from="1"', 'AGE[0].from: must be 0'],
    [/from="36"/, 'from="31"', 'AGE: bands must ascend'],
    [/from="36"/, 'from="36.5"', '["@from"]: must be a whole number'],
    [/from="36" percent="168.00"/, 'from="36"', '["@percent"]: must be there'],
    [/from="36" percent="168.00"/, 'from="36" decline="true"', 'AGE[2].percent: only the last threshold declines'],
    [/from="71" decline="true"/, 'from="71" percent="600.00"', 'AGE[5].percent: only the last threshold declines'],
    [/from="71" decline="true"/, 'from="71" decline="false"', '["@decline"]'],
  ],
});
