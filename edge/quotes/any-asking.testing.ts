import fc from 'fast-check';

/** One question in one of its spellings. */
export interface Asking {
  readonly product: 'osago' | 'travel';
  readonly query: URLSearchParams;
  /** Path and query as they are sent. */
  readonly target: string;
}

/** A parameter in all the texts that core reads alike; `undefined` is to leave it out. */
type Texts = readonly (string | undefined)[];

/** Questions few enough to meet again. Each value of a name is another risk; the texts of a value are the same. */
const QUESTIONS: Readonly<Record<Asking['product'], Readonly<Record<string, readonly Texts[]>>>> = {
  osago: {
    category: [['B'], ['D']],
    owner: [['individual']],
    subject: [['Москва', 'москва', ' МОСКВА '], ['Самарская область']],
    // Of Moscow it may be left out; of Samara an unknown place is the rest of the oblast.
    locality: [
      [undefined, 'Москва'],
      ['Чапаевск', 'чапаевск'],
      ['Ёлкино', 'Палкино'],
    ],
    drivers: [['35:10,22:1', '22:1,35:10'], ['unlimited']],
    powerHp: [['106', '106.0', '106.00'], ['150.5']],
    kbm: [[undefined, '3'], ['4']],
    months: [[undefined, '12']],
    startsOn: [[undefined], ['2026-11-23'], ['2026-11-24'], ['2026-11-25']],
  },
  travel: {
    territory: [['schengen']],
    travellers: [['35,34,7', '7,34,35'], ['35']],
    days: [['14'], ['15']],
    activity: [[undefined, 'none'], ['sport']],
    sumInsuredEur: [[undefined, '30000'], ['50000']],
    startsOn: [[undefined], ['2026-11-24']],
  },
};

/** Sometimes what core refuses, or what is not one of its parameters. */
const anyExtra = fc.oneof(
  { weight: 20, arbitrary: fc.constant<[string, string][]>([]) },
  { weight: 1, arbitrary: fc.constantFrom<[string, string][]>([['wheels', '4']], [['kbm', 'x']], [['days', '015']]) },
);

/** A text of a query in another, equal escaping. */
const escapeMore = (text: string) => text.replaceAll(/[a-z]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);

const anyPairs = (parameters: Readonly<Record<string, readonly Texts[]>>) =>
  fc
    .tuple(
      ...Object.entries(parameters).map(([name, values]) =>
        // The first value is asked for most, so that questions meet.
        fc
          .oneof(
            { weight: 3, arbitrary: fc.constant(values[0] as Texts) },
            { weight: 1, arbitrary: fc.constantFrom(...values) },
          )
          .chain((texts) => fc.constantFrom(...texts))
          .map((text): [string, string][] => (text === undefined ? [] : [[name, text]])),
      ),
    )
    .map((pairs) => pairs.flat());

/** For tests: a question in any spelling. */
export const anyAsking: fc.Arbitrary<Asking> = fc
  .constantFrom(...(Object.keys(QUESTIONS) as Asking['product'][]))
  .chain((product) => {
    const spelled = fc.tuple(anyPairs(QUESTIONS[product]), anyExtra).chain(([pairs, extra]) => {
      const said = [...pairs, ...extra];
      return fc.tuple(fc.shuffledSubarray(said, { minLength: said.length }), fc.subarray(said, { maxLength: 2 }));
    });
    return fc.tuple(spelled, fc.boolean()).map(([[said, repeats], escaped]) => {
      const query = new URLSearchParams([...said, ...repeats]);
      const text = escaped ? String(query).replace(/^[a-z]+/i, escapeMore) : String(query);
      const target = `/v1/quotes/${product}?${text}`;
      return { product, query, target, [fc.toStringMethod]: () => decodeURIComponent(target) };
    });
  });
