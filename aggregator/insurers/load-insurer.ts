import { readdir } from 'node:fs/promises';
import { PartyId } from '#contracts/words.ts';
import type { Insurer } from './insurer.ts';

const folder = new URL('./', import.meta.url);

/** The adapter of an insurer: the file here that is named as its id. Throws an Error naming the ids there are. */
export async function loadInsurer(id: string): Promise<Insurer> {
  if (!PartyId.safeParse(id).success) {
    throw new Error(
      `Cannot load insurer ${JSON.stringify(id.slice(0, 40))}: an id is 2 to 32 lower-case letters, digits and dashes, first a letter`,
    );
  }
  const insurer = (await files()).includes(id) ? await importAdapter(id) : undefined;
  if (insurer === undefined) {
    throw new Error(`Cannot load insurer "${id}": there is no adapter of this name, only ${(await ids()).join(', ')}`);
  }
  return insurer;
}

/** Names without `.ts`; tests have a second dot and drop out. */
async function files(): Promise<string[]> {
  const names = await readdir(folder);
  return names.flatMap((name) => /^([a-z][a-z0-9-]*)\.ts$/.exec(name)?.[1] ?? []).sort();
}

async function ids(): Promise<string[]> {
  const adapters = await Promise.all((await files()).map((id) => importAdapter(id).catch(() => undefined)));
  return adapters.flatMap((adapter) => adapter?.id ?? []);
}

/** A file is an adapter when its default export carries the file's own name; the port and its like are not. */
async function importAdapter(id: string): Promise<Insurer | undefined> {
  const module: { default?: Insurer } = await import(new URL(`${id}.ts`, folder).href);
  return module.default?.id === id ? module.default : undefined;
}
