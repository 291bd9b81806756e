import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CatalogueRevision } from '#contracts/catalogue-revision.ts';
import type { Tariff } from '#contracts/tariff.ts';
import { Product } from '#contracts/words.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { revisionOf } from './revision-of.ts';

type Versions = Readonly<Partial<Record<Product, number>>>;

/** An insurer that sells these versions, in their order, polled at `polledAt` ms. */
function selling(insurer: string, versions: Versions, polledAt = 0): CatalogueEntry {
  const tariffs = Object.entries(versions).map(([product, version]) => ({ insurer, product, version }) as Tariff);
  return { insurer, polledAt: new Date(polledAt), tariffs: new Map(tariffs.map((tariff) => [tariff.product, tariff])) };
}

const anyVersion = fc.integer({ min: 1, max: 12 });
const anyVersions = fc.dictionary(fc.constantFrom(...Product.options), anyVersion, { noNullPrototype: true });
const anyCatalogue = fc.dictionary(fc.constantFrom('volga', 'volga-1', 'ural', 'amur'), anyVersions);
type AnyCatalogue = Record<string, Versions>;

const entriesOf = (catalogue: AnyCatalogue) =>
  Object.entries(catalogue).map(([insurer, versions]) => selling(insurer, versions));
/** What is on sale, said another way than the digest says it. */
const salesOf = (catalogue: AnyCatalogue) =>
  Object.entries(catalogue)
    .flatMap(([insurer, versions]) => Object.entries(versions).map((sale) => JSON.stringify([insurer, ...sale])))
    .sort();

describe('revisionOf', () => {
  test('two catalogues have one revision exactly when they sell the same versions', () => {
    fc.assert(
      fc.property(anyCatalogue, anyCatalogue, (one, other) => {
        const same = JSON.stringify(salesOf(one)) === JSON.stringify(salesOf(other));
        expect(revisionOf(entriesOf(one)) === revisionOf(entriesOf(other))).toBe(same);
      }),
    );
  });

  test('the order of insurers and of their products does not matter, nor when they were polled', () => {
    const one = [selling('amur', { osago: 1, life: 2 }), selling('volga', { travel: 3 })];
    const other = [selling('volga', { travel: 3 }, 60_000), selling('amur', { life: 2, osago: 1 }, 90_000)];
    expect(revisionOf(other)).toBe(revisionOf(one));
  });

  test('a new version, a withdrawal, a new product and a new insurer each make another one', () => {
    const catalogues = [
      [selling('volga', { osago: 1, life: 1 })],
      [selling('volga', { osago: 2, life: 1 })],
      [selling('volga', { osago: 1 })],
      [selling('volga', { osago: 1, life: 1, travel: 1 })],
      [selling('volga', { osago: 1, life: 1 }), selling('ural', { osago: 1 })],
      [selling('volga', { osago: 11 })],
      [],
    ];
    expect(new Set(catalogues.map(revisionOf)).size).toBe(catalogues.length);
  });

  test('is what the contract says, also of nothing', () => {
    for (const entries of [[], [selling('volga', { osago: 1 })]]) {
      expect(CatalogueRevision.safeParse(revisionOf(entries)).success).toBe(true);
    }
  });
});
