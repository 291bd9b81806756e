import type { EventRow, Evidence } from './evidence.ts';

/** Whatever is there more than once, or for no reason. */
export function checkDoubled(evidence: Evidence): string[] {
  const { policies, outbox, topic = [], booked } = evidence;
  const told = new Set(outbox.map(({ eventId }) => eventId));
  return [
    ...repeated(policies, ({ key }) => key).map((key) => `"${key}" has more than one policy`),
    ...repeated(policies, ({ number }) => number).map((number) => `number ${number} was given twice`),
    ...twoAnswers(evidence),
    ...unasked(evidence),
    ...repeated(outbox, place).map((event) => `event ${event} is in the outbox twice`),
    ...twoIds(topic).map((event) => `event ${event} is on the topic under two ids`),
    ...invented(topic, told).map((event) => `event ${event} is on the topic and was never in the outbox`),
    ...repeated(booked, place).map((event) => `event ${event} was booked twice`),
    ...invented(booked, told).map((event) => `event ${event} was booked and was never in the outbox`),
  ];
}

const place = ({ aggregateId, version }: EventRow) => `${aggregateId}/${version}`;

function repeated<Row>(rows: readonly Row[], nameOf: (row: Row) => string): string[] {
  const found = Map.groupBy(rows, nameOf);
  return [...found].filter(([, same]) => same.length > 1).map(([name]) => name);
}

/** Sent again is not doubled; the same step of a policy under two ids is. */
function twoIds(records: readonly EventRow[]): string[] {
  const found = Map.groupBy(records, place);
  return [...found].filter(([, same]) => new Set(same.map(({ eventId }) => eventId)).size > 1).map(([event]) => event);
}

/** The first answer again, or it was not the same sale. */
function twoAnswers({ acknowledged }: Evidence): string[] {
  const answers = Map.groupBy(acknowledged, ({ key, operation }) => `"${key}" ${operation}`);
  return [...answers]
    .filter(([, same]) => new Set(same.map(({ policy }) => JSON.stringify(policy))).size > 1)
    .map(([what]) => `${what} was answered in two ways`);
}

function unasked({ wanted, policies }: Evidence): string[] {
  const asked = new Set(wanted);
  return policies.filter(({ key }) => !asked.has(key)).map(({ id }) => `nobody wanted policy ${id}`);
}

const invented = (rows: readonly EventRow[], told: ReadonlySet<string>) => [
  ...new Set(rows.filter(({ eventId }) => !told.has(eventId)).map(place)),
];
