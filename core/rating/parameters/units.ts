/** What numbers are counted in. */
export const UNITS = {
  days: { en: 'days', ru: 'дней' },
  months: { en: 'months', ru: 'месяцев' },
  years: { en: 'years', ru: 'лет' },
  roubles: { en: 'roubles', ru: 'рублей' },
} as const;
