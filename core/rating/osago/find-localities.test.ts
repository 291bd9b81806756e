import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Localities } from '#contracts/quote.ts';
import { PLACES } from './any-query.testing.ts';
import { findLocalities } from './find-localities.ts';
import { nameKey } from './name-key.ts';
import { readLocality, readSubject } from './place.ts';
import { FOREIGN } from './territory.ts';

const ON = '2026-11-23';
const REST = 'прочие города и населённые пункты';

/** As `subject / locality`. */
const find = (q: string, on = ON) => findLocalities(q, on).map(({ subject, locality }) => `${subject} / ${locality}`);

describe('findLocalities', () => {
  test.each([
    ['казан', 'Республика Татарстан / Казань'],
    ['КАЗАНЬ', 'Республика Татарстан / Казань'],
    ['  орел ', 'Орловская область / Орёл'],
    ['Орёл', 'Орловская область / Орёл'],
    ['моск', 'Москва / Москва'],
    ['московская', 'Московская область / весь субъект'],
    ['новгород', 'Нижегородская область / Нижний Новгород'],
    ['петербург', 'Санкт-Петербург / Санкт-Петербург'],
    ['катеринбург', 'Свердловская область / Екатеринбург'],
    ['Екатиренбург', 'Свердловская область / Екатеринбург'],
    ['казнь', 'Республика Татарстан / Казань'],
    ['г. Казань', 'Республика Татарстан / Казань'],
    ['Казань, Республика Татарстан', 'Республика Татарстан / Казань'],
    ['татарстан', 'Республика Татарстан / Казань'],
    ['югра', 'Ханты-Мансийский АО — Югра / Ханты-Мансийск'],
  ])('finds for %j %s', (q, place) => {
    expect(find(q)).toContain(place);
  });

  test('tells prefixes first, then words, then parts, then near spellings', () => {
    expect(find('омск').slice(0, 2)).toEqual(['Омская область / Омск', 'Томская область / Томск']);
    expect(find('новгород').at(0)).not.toContain('Новосибирск');
    const [first, ...others] = find('рязань');
    expect([first, others]).toEqual(['Рязанская область / Рязань', ['Республика Татарстан / Казань']]);
  });

  test('finds by the name of a subject all that it lists, what it does not list last', () => {
    expect(findLocalities('самарская область', ON).slice(0, 3)).toEqual([
      { subject: 'Самарская область', locality: 'Самара', covers: 'listed' },
      { subject: 'Самарская область', locality: 'Тольятти', covers: 'listed' },
      { subject: 'Самарская область', locality: REST, covers: 'rest' },
    ]);
    expect(findLocalities('чукотский', ON)).toEqual([
      { subject: 'Чукотский АО', locality: 'весь субъект', covers: 'whole' },
    ]);
  });

  test('finds every place in force by its own name, in any letters, and answers in the contract form', () => {
    const listed = PLACES.filter(({ locality, effectiveTo }) => effectiveTo === null && locality !== 'весь субъект');
    for (const { subject, locality } of listed.filter((place) => place.locality !== REST)) {
      for (const q of [locality, locality.toUpperCase(), locality.replaceAll('ё', 'е'), locality.slice(0, -1)]) {
        const items = findLocalities(q, ON);
        expect(Localities.parse({ items }).items).toContainEqual({ subject, locality, covers: 'listed' });
      }
    }
  });

  test('finds the row of every subject that covers it whole, or what it does not list', () => {
    for (const { subject, locality } of PLACES.filter(({ locality }) => [REST, 'весь субъект'].includes(locality))) {
      expect(find(subject), subject).toContain(`${subject} / ${locality}`);
    }
  });

  test('answers only what a quote takes as it is written: at most twenty, each once, in force on the date', () => {
    const anyDate = fc.constantFrom('2022-09-13', '2025-01-26', '2025-01-27', '2025-12-08', '2025-12-09', ON);
    const anyName = fc.constantFrom(...PLACES.flatMap(({ subject, locality }) => [subject, locality]));
    const anyPart = fc
      .tuple(anyName, fc.nat({ max: 5 }), fc.integer({ min: 1, max: 12 }))
      .map(([name, from, length]) => name.slice(from, from + length));
    const anyText = fc.oneof(anyName, anyPart, fc.string({ unit: 'grapheme', maxLength: 60 }));
    fc.assert(
      fc.property(anyText, anyDate, (q, on) => {
        fc.pre(nameKey(q) !== '');
        const places = findLocalities(q, on);
        expect(places.length).toBeLessThanOrEqual(20);
        expect(new Set(find(q, on)).size).toBe(places.length);
        for (const { subject, locality } of places) {
          expect([readSubject(subject), readLocality(locality, subject)]).toEqual([
            { value: subject },
            { value: locality },
          ]);
          const inForce = PLACES.some(
            (row) =>
              row.subject === subject &&
              row.locality === locality &&
              row.effectiveFrom <= on &&
              on <= (row.effectiveTo ?? on),
          );
          expect(inForce, `${subject} / ${locality} on ${on}`).toBe(true);
        }
      }),
    );
  });

  test('knows the places of a date', () => {
    expect(find('братск', '2025-01-27')).toEqual(['Иркутская область / Братск']);
    expect(find('братск', '2025-01-26')).toEqual([]);
    expect(find('москва', '2025-12-08')).toEqual([]);
    expect(find('москва', '2025-12-09')).toContain('Москва / Москва');
  });

  test('finds nothing for rubbish and for vehicles registered abroad, and never more than twenty', () => {
    for (const q of ['zzz', '12345', 'Тьмутаракань', FOREIGN]) expect(find(q), q).toEqual([]);
    expect(find('область')).toHaveLength(20);
  });

  test.each(['', '   ', '\t\n'])('refuses the blank text %j', (q) => {
    expect(() => findLocalities(q, ON)).toThrow(RangeError);
  });
});
