import type { Partner } from '#contracts/partner.ts';

/** Partners and their terms, in memory: a call in a partner's name reads no table. */
export interface PartnerDirectory {
  /** A partner with its terms as they were within the last second; undefined for none. Rejects when that cannot be known. */
  find(id: string): Promise<Partner | undefined>;
  /** Says that the terms were changed here: whoever asks from now on gets the new ones. */
  forget(id: string): void;
}

interface DirectoryContext {
  readonly load: (id: string) => Promise<Partner | undefined>;
  readonly now: () => Date;
}

/** What another replica set is in force here within this. */
const FRESH_MS = 1_000;
/** For so long the last terms serve while the database cannot be asked: as long as an edge remembers them. */
const AWAY_MS = 30_000;
/** Partners remembered; beyond these the one asked for first is forgotten. */
const MOST = 10_000;

interface Entry {
  readonly at: number;
  readonly answer: Promise<Partner | undefined>;
  /** The last terms that the database told, and when it was asked for them. */
  last: { readonly partner: Partner; readonly at: number } | undefined;
}

/** A directory that asks once for all who wait, and remembers nobody who is not a partner. */
export function createPartnerDirectory({ load, now }: DirectoryContext): PartnerDirectory {
  const entries = new Map<string, Entry>();
  const isWithin = (at: number, ms: number) => {
    const ageMs = now().getTime() - at;
    return ageMs >= 0 && ageMs < ms;
  };
  const ask = (id: string, before: Entry | undefined): Entry => {
    const at = now().getTime();
    const forgetThis = () => entries.get(id) === entry && entries.delete(id);
    const answer = load(id).then(
      (partner) => {
        entry.last = partner && { partner, at };
        if (!partner) forgetThis();
        return partner;
      },
      (error: unknown) => {
        if (entry.last && isWithin(entry.last.at, AWAY_MS)) return entry.last.partner;
        forgetThis();
        throw error;
      },
    );
    const entry: Entry = { at, answer, last: before?.last };
    return entry;
  };
  return {
    find(id) {
      const before = entries.get(id);
      if (before && isWithin(before.at, FRESH_MS)) return before.answer;
      const entry = ask(id, before);
      entries.set(id, entry);
      const [first] = entries.keys();
      if (entries.size > MOST && first !== undefined) entries.delete(first);
      return entry.answer;
    },
    forget: (id) => void entries.delete(id),
  };
}
