/** One thing that the product must do. Tests that hold it begin their names with its number. */
export interface Requirement {
  readonly number: string;
  readonly what: string;
  /** By how much, where it has a figure. */
  readonly figure?: string;
  /** What shows it at length beside the tests; no proof without one. */
  readonly shownBy?: string;
}

/** The situation that the product takes over. */
const SITUATION: readonly Requirement[] = [
  { number: 'R1', what: 'available', figure: '99.9 %, 43.8 minutes a month', shownBy: 'npm run drill -- failover' },
  {
    number: 'R2',
    what: 'recovery after a disaster',
    figure: 'RTO 5 min at most, RPO 0 while the disk of the region lives',
    shownBy: 'npm run drill -- recovery',
  },
  { number: 'R3', what: 'all hours and all Russian time zones, days and months by Moscow', figure: '24/7' },
  { number: 'R4', what: 'clients, products, tariffs and applications in one database, unsharded', figure: '50 GB' },
  { number: 'R6', what: 'the recorded peak', figure: '50 searches/s, 10 policies/s' },
  {
    number: 'R7',
    what: 'a noisy partner harms nobody else',
    figure: '250 requests/s against 20',
    shownBy: 'npm run drill -- noisy-partner',
  },
  {
    number: 'R8',
    what: 'operators learn of a failure before users tell them',
    figure: '500,000 RUB an hour of outage',
  },
  { number: 'R10', what: 'insurers over REST, SOAP and GraphQL', figure: '5 now, 10 soon' },
  { number: 'R11', what: 'tariffs are collected', figure: 'every 15 min' },
  { number: 'R12', what: 'settlement hears of each policy by itself, not by a daily pull' },
  { number: 'R13', what: 'each insurer gets a register of its policies with the commission', figure: 'once a month' },
  { number: 'R14', what: 'no request of a user waits for an insurer', shownBy: 'npm run bench -- aggregator' },
  {
    number: 'R16',
    what: 'autoscaling by memory',
    figure: '1 to 10 replicas, 80 % of 30Mi',
    shownBy: 'npm run drill -- kubernetes --part memory',
  },
  { number: 'R17', what: 'the app of the scale test: its pod, http_requests_total', figure: 'port 8080' },
  { number: 'R18', what: 'users of the scale test, by locust', figure: 'a wait of 1 to 5 s' },
  { number: 'R19', what: 'autoscaling by requests a second and pod, through Prometheus and its adapter' },
];

/** The faults of the system before this one. */
const OLD_FAULTS: readonly Requirement[] = [
  { number: '(a)', what: 'gone: no caching' },
  {
    number: '(b)',
    what: 'gone: one block that does not scale',
    shownBy: 'npm run drill -- kubernetes --part requests',
  },
  { number: '(c)', what: 'gone: callers over their limits make the API worse for all' },
  { number: '(d)', what: 'gone: no monitoring and no alerts in a failure', shownBy: 'npm run drill -- alerts' },
];

const STEPS: readonly Requirement[] = [
  { number: 'S1', what: 'independent regions, each reading and writing, routed by health' },
  { number: 'S2', what: 'autoscaling on Kubernetes shown by hand, from k8s/scaletest/' },
  { number: 'S3.1', what: 'tariffs come to core from a scheduler, through Kafka' },
  { number: 'S3.2', what: 'policies come to settlement by a transactional outbox, none lost and none twice' },
];

/** What is more than was asked for. */
const DISTINCTIONS: readonly Requirement[] = [
  { number: 'D1', what: 'the noisy partner replayed: he gets 429, all others keep their latency' },
  {
    number: 'D2',
    what: 'kill -9 at any moment loses, doubles and misorders no policy',
    shownBy: 'npm run drill -- kill',
  },
  { number: 'D3', what: 'no region can reach another, and each works alone', shownBy: 'npm run drill -- isolation' },
  { number: 'D4', what: 'recovery is measured', shownBy: 'npm run drill -- recovery' },
  { number: 'D5', what: 'the last healthy region cannot be drained; health is deep and does not flap' },
  { number: 'D6', what: "a partner's limit holds as a sum over regions, also in a failover" },
  { number: 'D7', what: 'a policy is issued by a signed offer alone, at its price and in its time' },
  { number: 'D8', what: 'every offer says as of when its tariff is', figure: 'marked after 20 min, hidden after 24 h' },
  { number: 'D9', what: 'settlement by tariff version, closed months, reconciliation', figure: 'to the kopeck' },
  { number: 'D11', what: 'alerts are shown both firing and silent', shownBy: 'npm run drill -- alerts' },
  { number: 'D12', what: 'autoscaling is a gate', shownBy: 'npm run drill -- kubernetes' },
  { number: 'D14', what: 'this table, held by the tests of each number' },
];

/** Faults that public systems of this kind have. */
const PUBLIC_FAULTS: readonly Requirement[] = [
  { number: 'F1', what: 'never: a relay that sends only what its own transaction wrote, and strands it in a crash' },
  { number: 'F2', what: 'never: a message acknowledged though its handling threw' },
  { number: 'F3', what: 'never: a repeated command that fails instead of getting its first answer' },
  { number: 'F4', what: 'never: two relays that send a row twice, or rows out of order' },
  { number: 'F5', what: 'never: one poison event that holds up all behind it' },
  { number: 'F6', what: 'never: a duplicate let in, for want of a check or in a race with it' },
  { number: 'F7', what: 'never: a message lost to an error of the database, by auto-commit and a catch-all' },
  { number: 'F8', what: 'never: a producer that waits for no acknowledgement' },
  { number: 'F9', what: 'never: a state FAILED that nobody tries again' },
  { number: 'F10', what: 'never: a price that the client says' },
  { number: 'F11', what: 'never: one cached quote for two clients as one, or an expiry from the wrong moment' },
  { number: 'F12', what: 'never: a region in DNS behind a dead gateway, or one healthy service that hides the rest' },
  { number: 'F13', what: 'never: an outbox read by id > last, which skips what is committed late' },
];

/** All that the product must do, in the order of the table. */
export const REQUIREMENTS: readonly Requirement[] = [
  ...SITUATION,
  ...OLD_FAULTS,
  ...STEPS,
  ...DISTINCTIONS,
  ...PUBLIC_FAULTS,
];
