import tables from '#contracts/osago-tables.json' with { type: 'json' };
import type { Label } from '#contracts/quote.ts';
import { KbmClass, type OsagoRisk } from '#contracts/risk.ts';
import { choice, type Parameter } from '../parameters/parameter.ts';

type Class = OsagoRisk['kbm'];

const LABELS = Object.fromEntries(
  tables.kbm.classes.map((row): [string, Label] => [
    row.class,
    {
      en: `Class ${row.class}, coefficient ${row.value}`,
      ru: `Класс ${row.class}, коэффициент ${row.value.replace('.', ',')}`,
    },
  ]),
) as Record<Class, Label>;

/** The bonus-malus class, worst first as the table has them. */
export const KBM: Parameter<Class, OsagoRisk> = choice({
  label: { en: 'Bonus-malus class (KBM)', ru: 'Класс КБМ' },
  values: LABELS,
  order: tables.kbm.classes.map((row) => KbmClass.parse(row.class)),
  example: '13',
  absent: '3',
});
