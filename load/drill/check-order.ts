import type { BookedRow, Evidence, TopicRecord } from './evidence.ts';

/** Whatever stands before what it must follow. */
export function checkOrder({ topic = [], topicIsNew = false, booked }: Evidence): string[] {
  const partitions = [...Map.groupBy(topic, ({ foundIn }) => foundIn).values()];
  return [
    ...topic
      .filter(({ partition, foundIn }) => partition !== foundIn)
      .map(({ eventId, partition, foundIn }) => `event ${eventId} of partition ${partition} is in ${foundIn}`),
    ...partitions.flatMap((records) => [...checkVersions(records, topicIsNew), ...checkNumbers(records, topicIsNew)]),
    ...checkBooked(booked),
  ];
}

/** As first met, the events of an aggregate go up by one; from the first that a new topic has. */
function checkVersions(records: readonly TopicRecord[], topicIsNew: boolean): string[] {
  const last = new Map<string, number>();
  return records.flatMap(({ aggregateId, version }) => {
    const before = last.get(aggregateId) ?? (topicIsNew ? version - 1 : 0);
    if (version <= before) return [];
    last.set(aggregateId, version);
    return version === before + 1 ? [] : [`${aggregateId}/${version} is on the topic before version ${version - 1}`];
  });
}

interface Numbered {
  /** The highest number of each epoch. */
  readonly highest: Map<number, number>;
  readonly meaning: Map<string, string>;
}

/**
 * Within an epoch, numbers are dense as first met, and each stands for one event. An epoch begins at or below what older
 * ones came to, plus one.
 */
function checkNumbers(records: readonly TopicRecord[], topicIsNew: boolean): string[] {
  const seen: Numbered = { highest: new Map(), meaning: new Map() };
  return records.flatMap((record, index) => checkNumber(seen, record, topicIsNew && index === 0));
}

function checkNumber({ highest, meaning }: Numbered, record: TopicRecord, mayBeginAnywhere: boolean): string[] {
  const { epoch, sequence, eventId, foundIn } = record;
  const number = `${epoch}/${sequence} of partition ${foundIn}`;
  const known = meaning.get(number);
  meaning.set(number, known ?? eventId);
  if (known !== undefined && known !== eventId) return [`number ${number} stands for two events`];
  const older = [...highest].filter(([other]) => other < epoch).map(([, most]) => most);
  const before = highest.get(epoch) ?? Math.max(0, ...older);
  highest.set(epoch, Math.max(highest.get(epoch) ?? 0, sequence));
  return sequence <= before + 1 || mayBeginAnywhere ? [] : [`number ${number} comes after ${before}`];
}

/** A policy's life is booked forwards. */
function checkBooked(booked: readonly BookedRow[]): string[] {
  const policies = Map.groupBy(booked, ({ aggregateId }) => aggregateId);
  return [...policies].flatMap(([id, rows]) => {
    const inTime = rows.toSorted((a, b) => a.committedAt - b.committedAt || a.version - b.version);
    const isForwards = inTime.every(({ version }, index) => version === index + 1);
    return isForwards ? [] : [`${id} was booked in the order ${inTime.map(({ version }) => version).join(', ')}`];
  });
}
