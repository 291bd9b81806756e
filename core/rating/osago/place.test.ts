import { describe, expect, test } from 'vitest';
import { defaultLocality, readLocality, readSubject } from './place.ts';

const REST = 'прочие города и населённые пункты';

describe('readSubject', () => {
  test.each([
    [' москва ', 'Москва'],
    ['РЕСПУБЛИКА  Татарстан', 'Республика Татарстан'],
    ['Ханты-Мансийский АО - Югра', 'Ханты-Мансийский АО — Югра'],
    ['Кемеровская область–Кузбасс', 'Кемеровская область — Кузбасс'],
  ])('takes %j as %j', (text, name) => {
    expect(readSubject(text)).toEqual({ value: name });
  });

  test.each([
    ['Татарстан', ['Республика Татарстан']],
    ['Татарстн', ['Республика Татарстан']],
    ['Алтай', ['Алтайский край', 'Республика Алтай']],
    ['Казань', ['Республика Татарстан']],
    ['Новосибирская обл', ['Новосибирская область']],
  ])('refuses %j and suggests %j', (text, names) => {
    const reading = readSubject(text);
    expect(reading).toEqual({ error: expect.stringMatching(/^unknown subject.*did you mean/) });
    for (const name of names) expect(reading).toEqual({ error: expect.stringContaining(`"${name}"`) });
  });

  test.each(['область', 'прочие города и населённые пункты'])('suggests at most five for %j', (text) => {
    const reading = readSubject(text);
    expect('error' in reading && reading.error.match(/"/g)).toHaveLength(10);
  });

  test.each(['', '   ', 'Kazan', '<b>Казань</b>', 'Ж'.repeat(101), '123'])('refuses %j, which is no name', (text) => {
    expect(readSubject(text)).toEqual({ error: expect.stringContaining('in Russian') });
  });

  test('does not offer vehicles registered abroad', () => {
    expect(readSubject('иностранное государство')).toHaveProperty('error');
  });
});

describe('readLocality', () => {
  test.each([
    ['орел', 'Орловская область', 'Орёл'],
    [' ТОЛЬЯТТИ ', 'Самарская область', 'Тольятти'],
    ['Химки', 'Московская область', 'весь субъект'],
    ['Чапаевск', 'Самарская область', REST],
    ['прочие города и населенные пункты', 'Самарская область', REST],
  ])('takes %j of %j as %j', (text, subject, name) => {
    expect(readLocality(text, subject)).toEqual({ value: name });
  });

  test.each(['Самра', 'Самар', 'г. Самара', 'город Самара', 'Самара, Ленинский район'])(
    'refuses %j, which could mean a listed city with another coefficient',
    (text) => {
      const error = expect.stringMatching(/^ambiguous .*"Самара" or "прочие города/);
      expect(readLocality(text, 'Самарская область')).toEqual({ error });
    },
  );

  test('takes a name that only resembles a listed one', () => {
    expect(readLocality('Георгиевская', 'Ставропольский край')).toEqual({ value: REST });
  });

  test('refuses an unlisted one where the table has no row for the rest, naming what is listed', () => {
    const error = expect.stringContaining('"Бердск"');
    expect(readLocality('Бердсккк', 'Новосибирская область')).toEqual({ error });
    expect(readLocality('Губкин', 'Белгородская область')).toEqual({ error: expect.stringContaining('"Белгород"') });
    expect(readLocality('Казань', 'Москва')).toEqual({ error: expect.stringContaining('"Москва"') });
  });

  test('refuses "весь субъект" where no row covers it', () => {
    expect(readLocality('весь субъект', 'Самарская область')).toEqual({ error: expect.stringContaining('not listed') });
  });

  test.each(['', 'Samara', 'x'.repeat(101)])('refuses %j, which is no name', (text) => {
    expect(readLocality(text, 'Самарская область')).toEqual({ error: expect.stringContaining('in Russian') });
  });
});

test('defaultLocality is the row of the whole subject, or a refusal that lists its localities', () => {
  expect(defaultLocality('Москва')).toEqual({ value: 'Москва' });
  expect(defaultLocality('Чукотский АО')).toEqual({ value: 'весь субъект' });
  expect(defaultLocality('Самарская область')).toEqual({ error: expect.stringContaining('"Тольятти"') });
  expect(defaultLocality('Белгородская область')).toEqual({ error: expect.stringContaining('"Белгород"') });
});
