import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Policy } from '#contracts/policy.ts';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import { openBuyer } from './buyer.testing.ts';
import { type Canaries, canariesOf, createFinder, type Holder } from './canary.testing.ts';
import { freePort } from './free-port.ts';
import { KAFKA_PORTS, missingForKafka, startKafka } from './kafka.ts';
import { failInDatabase, operateOnLetters, refuse, spoilTopic } from './mishaps.testing.ts';
import {
  type Inspected,
  type Places,
  readAnswers,
  readLogs,
  readStore,
  readTables,
  readTopics,
} from './places.testing.ts';
import type { DemoRegion } from './read-demo.ts';
import { requireOrSkip } from './require-or-skip.ts';
import { quote, registered } from './sale.testing.ts';
import { checkout, demoOf, run, stop } from './start.testing.ts';

const runs = requireOrSkip('the canary for personal data on a real Kafka', await missingForKafka());

const CYRILLIC: Holder = {
  fullName: '=HYPERLINK("http://e.x")&Канарейкин-Ёлочкин \'Щеголь\'\r\nВторая\tСтрока',
  birthDate: '1931-07-19',
  phone: '+79993141592',
  email: 'Kanarejka.Zjablik+tag@canary-one.example',
};
const LATIN: Holder = {
  fullName: '@SUM(1)|cmd "Zebrafinch" \\ Vexworthy,;<b>%41</b>',
  birthDate: '1932-08-23',
  phone: '+4915127182818',
  email: 'zebrafinch.vexworthy@canary-two.example',
};
/** Never sold to: their requests are refused. */
const REFUSED: Holder = {
  fullName: 'Отказников Синехвост',
  birthDate: '1933-09-27',
  phone: '+79991618033',
  email: 'sinekhvost@canary-three.example',
};
/** In malformed records that somebody else put on the topic. */
const STRANGER: Holder = {
  fullName: 'Чужаков Дубонос',
  birthDate: '1934-10-29',
  phone: '+79995772156',
  email: 'dubonos@canary-four.example',
};
const REASON = '=1+1 Продажа машины Жемчужниковой "Авдотье"\nтел. +7 999 271-82-81; see Quetzalcoatl';
const REFUSED_REASON = 'Свиристелев передумал';

const OURS: Canaries = {
  ...canariesOf('cyrillic', CYRILLIC, ['Канарейкин', 'Ёлочкин']),
  ...canariesOf('latin', LATIN, ['Zebrafinch', 'Vexworthy']),
  'the reason': REASON,
  'a name in the reason': 'Жемчужниковой',
  'a phone in the reason': '999 271-82-81',
  'a word of the reason': 'Quetzalcoatl',
};
const REFUSED_ALL: Canaries = {
  ...canariesOf('refused', REFUSED, ['Отказников', 'Синехвост']),
  'a reason refused': 'Свиристелев',
};
const STRANGERS = canariesOf('stranger', STRANGER, ['Чужаков', 'Дубонос']);
/** Forms in which nobody writes a date here. */
const isAsKept = (name: string) => !/day first|in digits/.test(name);

describe('the finder of canaries', () => {
  it.each([
    ['in base64', (text: string) => Buffer.from(`x ${text} y`).toString('base64')],
    ['in base64url', (text: string) => Buffer.from(`${text} y`).toString('base64url')],
    ['in hex', (text: string) => Buffer.from(`-${text}-`).toString('hex')],
    ['in a URL', (text: string) => `/v1/policies?name=${encodeURIComponent(text)}`],
    ['in JSON', (text: string) => JSON.stringify({ text })],
    ['in JSON in JSON', (text: string) => JSON.stringify({ text: JSON.stringify({ text }) })],
    ['in CSV', (text: string) => `1,"${text.replaceAll('"', '""')}",2`],
  ])('R12 knows each again %s', (_, write) => {
    for (const [name, text] of Object.entries(OURS)) {
      expect(namesIn(`something ${write(text)} else`, OURS), write(text)).toContain(name);
    }
    expect(namesIn(write('Anna Ivanova, 1990-05-17, +79991234567'), OURS)).toEqual([]);
  });
});

describe.runIf(runs)('a region on a real Kafka', () => {
  it('R12 personal data: nothing of a holder or of the reason of a cancellation leaves core.policies: sold, cancelled, refused, malformed, or failed in the database', async () => {
    await using stack = new AsyncDisposableStack();
    const dir = await mkdtemp(join(tmpdir(), 'insuretech-canary-'));
    stack.defer(() => rm(dir, { recursive: true, force: true }));
    const port = await freePort(KAFKA_PORTS);
    const broker = stack.use(await startKafka({ dir, port }));
    broker.done.catch(() => undefined);
    const place = stack.use(await checkout());
    const brokers = `127.0.0.1:${port}`;
    const args = ['local/main.ts', '--port', String(place.port), '--regions', 'msk', '--kafka', brokers];
    const running = run(place.dir, args, { LOG_LEVEL: 'debug' });
    stack.defer(async () => void (await stop(running)));
    await running.printed('Ready in');
    const { regions, keys } = await demoOf(place);
    const [region] = regions as [DemoRegion];
    const inspected: Inspected = { place, region, operator: keys.operator, brokers };
    const buyer = openBuyer(region.edge, keys.site);

    const { offers, risk } = await quote(region, keys.site);
    const sale = (holder: object) => ({ offer: offers[0]?.token, holder, startsOn: risk.startsOn });
    const first = await buyer.post<Policy>(201, '/v1/policies', sale(CYRILLIC));
    const second = await buyer.post<Policy>(201, '/v1/policies', sale(LATIN));
    await buyer.post(200, `/v1/policies/${first.id}/cancel`, { reason: REASON });
    await buyer.post(422, '/v1/policies', sale(REFUSED), { key: buyer.keys[0] ?? '' });
    for (const path of ['/v1/policies', `/v1/policies/${first.id}`, `/v1/policies/${second.id}`]) await buyer.get(path);
    await refuse(buyer, { sale, holder: REFUSED, reason: REFUSED_REASON, policyId: second.id });
    await failInDatabase(inspected, async () => {
      await buyer.post(500, '/v1/policies', sale(REFUSED));
      await buyer.post(500, `/v1/policies/${second.id}/cancel`, { reason: REFUSED_REASON });
    });
    for (const policy of [first, second]) await registered(region, policy, keys.operator);
    await spoilTopic(inspected, second.id, STRANGER);
    await operateOnLetters(inspected);

    const months = [...new Set([first, second].map(({ issuedAt }) => moscowDate(new Date(issuedAt)).slice(0, 7)))];
    const places = new Map([
      ...(await readTopics(inspected)),
      ...(await readAnswers(inspected, months)),
      ...(await readLogs(inspected)),
      ...(await readStore(inspected)),
      ...(await readTables(inspected)),
      ...buyer.answers,
    ]);
    const ended = await stop(running);
    places.set('what npm start printed', ended.out).set('log of Kafka', await readFile(join(dir, 'kafka.log'), 'utf8'));
    const policies = places.get('table core.policies') ?? '';
    places.delete('table core.policies');

    // All of it is where it belongs, so it would be found elsewhere too; and elsewhere there is something to look at.
    expect(namesIn(policies, OURS)).toEqual(Object.keys(OURS).filter(isAsKept));
    for (const name of LOOKED_AT) expect(places.get(name) ?? '', name).not.toBe('');
    expect(leaksOf(places, OURS)).toEqual([]);
    // A field that there is not is named to who sent it, and to nobody else.
    const isAnswer = (leak: string) =>
      /^answer \d+, 400 to POST \/v1\/policies: refused: (user of the )?email, /.test(leak);
    expect(leaksOf(places, REFUSED_ALL).filter((leak) => !isAnswer(leak))).toEqual([]);
    expect(namesIn(policies, REFUSED_ALL)).toEqual([]);
    // What a stranger put on the topic is there, and in the dead letter that keeps the record whole: nobody repeats it.
    const strangers = leaksOf(places, STRANGERS).map((leak) => leak.split(': ')[0]);
    expect([...new Set(strangers)].sort()).toEqual(['table settlement.dead_letters', 'topic policies.v1']);
    expect(ended.code, ended.out).toBe(0);
  });
});

const LOOKED_AT = [
  'topic policies.v1',
  'topic tariffs.v1',
  ...['core', 'settlement', 'aggregator', 'edge', 'postgres', 'upstash'].map((name) => `log msk-${name}.log`),
  'log of Kafka',
  ...['core.outbox', 'settlement.dead_letters', 'settlement.register_lines', 'settlement.ledger_transactions'].map(
    (name) => `table ${name}`,
  ),
  'table aggregator.outbox',
  "the edge's store",
];

const namesIn = (text: string, canaries: Canaries): string[] => [
  ...new Set(createFinder(canaries)(text).map(({ name }) => name)),
];

/** Each canary at each place, with the first form that it has there. */
function leaksOf(places: Places, canaries: Canaries): string[] {
  const find = createFinder(canaries);
  return [...places].flatMap(([place, text]) =>
    [...Map.groupBy(find(text), ({ name }) => name)].map(([name, forms]) => `${place}: ${name}, ${forms[0]?.form}`),
  );
}
