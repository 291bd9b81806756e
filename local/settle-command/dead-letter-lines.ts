import type { z } from 'zod';
import type { DeadLetter, DeadLetterHistory, DeadLetterReplayed } from '#contracts/dead-letter.ts';
import { counted } from '../counted.ts';
import { table, visible } from '../print-table.ts';

export const DEAD_LETTER_TITLES = ['id', 'status', 'parked at', 'place', 'bytes', 'policy', 'reason', 'detail'];
export const DEAD_LETTER_LEFT = ['status', 'parked at', 'place', 'policy', 'reason', 'detail'];

/** A dead letter as a row; its place is `topic[partition] epoch/sequence`. */
export const deadLetterRow = (letter: DeadLetter): string[] => [
  letter.id,
  letter.status,
  letter.parkedAt,
  placeOf(letter),
  String(letter.bytes),
  letter.aggregateId ?? '',
  letter.reason,
  letter.detail,
];

const placeOf = ({ topic, partition, epoch, sequence }: DeadLetter) => `${topic}[${partition}] ${epoch}/${sequence}`;

/** One dead letter, with all that was done about it. */
export function historyLines({ actions, ...letter }: z.infer<typeof DeadLetterHistory>): string[] {
  const rows = actions.map(({ at, action, by, outcome, reason, detail }) => [
    ...[at, action, by, outcome],
    ...[reason ?? '', detail ?? ''],
  ]);
  const titles = ['at', 'action', 'by', 'outcome', 'reason', 'detail'];
  return [
    `Dead letter ${letter.id} is ${letter.status}.`,
    ...[
      ['parked at', letter.parkedAt],
      ['place', placeOf(letter)],
      ['event', letter.eventId ?? 'none that can be read'],
      ['policy', letter.aggregateId ?? 'none that can be read'],
      ['length', counted(letter.bytes, 'byte')],
      ['reason', letter.reason],
      ['detail', letter.detail],
    ].map(([name = '', value = '']) => `  ${name.padEnd(9)}  ${visible(value)}`),
    '',
    ...(rows.length === 0 ? ['Nothing was done about it yet.'] : table([titles, ...rows], titles)),
  ];
}

/** What became of one dead letter; `failed` when settlement would not take the replay at all. */
export type Replayed = Omit<DeadLetterReplayed['behind'][number], 'outcome'> & {
  readonly outcome: DeadLetterReplayed['outcome'] | 'failed';
};

const OUTCOMES = { booked: 'booked', duplicate: 'known already', refused: 'refused again', failed: 'not replayed' };

/** What became of dead letters: a row for each of `shown`, and how many had each outcome. */
export function replayedLines(replayed: readonly Replayed[], shown: readonly Replayed[] = replayed): string[] {
  const rows = shown.map(({ id, outcome, reason, detail }) => [id, OUTCOMES[outcome], reason ?? '', detail ?? '']);
  const counts = Object.entries(OUTCOMES).flatMap(([outcome, said]) => {
    const count = replayed.filter((one) => one.outcome === outcome).length;
    return count === 0 ? [] : `${count.toLocaleString('en')} ${said}`;
  });
  const titles = ['id', 'outcome', 'reason', 'detail'];
  return [
    ...(rows.length === 0 ? [] : table([titles, ...rows], ['outcome', 'reason', 'detail'])),
    `${counts.join(', ') || 'Nothing replayed'}.`,
  ];
}
