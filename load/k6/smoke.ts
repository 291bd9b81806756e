// A smoke against a running `npm start`: quotes and sales at a low rate in each region; exits 99 if one is refused or slow.
import { check } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';

type Demo = { regions: { name: string; edge: string }[]; keys: { site: string } };
type Quote = { risk: { startsOn: string }; offers: { token: string }[] };

const demo: Demo = JSON.parse(open('../../.local/demo.json'));

export const options = {
  scenarios: {
    sales: {
      executor: 'constant-arrival-rate',
      rate: 2 * demo.regions.length,
      duration: '10s',
      preAllocatedVUs: 10,
    },
  },
  thresholds: {
    checks: ['rate==1'],
    http_req_failed: ['rate==0'],
    http_req_duration: ['p(95)<1000'],
    dropped_iterations: ['count==0'],
    iterations: ['count>10'],
  },
};

const risk = {
  category: 'B',
  owner: 'individual',
  use: 'personal',
  subject: 'Москва',
  locality: 'Москва',
  kbm: '3',
  drivers: '35:10',
  powerHp: '110',
  months: '12',
};
const query = Object.entries(risk)
  .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  .join('&');

const holder = {
  fullName: 'Иванова Анна Петровна',
  birthDate: '1990-05-17',
  phone: '+79990000000',
  email: 'anna@insuretech.example',
};

export default function sale() {
  const region = demo.regions[exec.scenario.iterationInTest % demo.regions.length];
  if (!region) throw new Error('.local/demo.json names no region');
  const headers = { Authorization: `Bearer ${demo.keys.site}` };

  const quoted = http.get(`${region.edge}/v1/quotes/osago?${query}`, { headers, tags: { name: 'quote' } });
  const quote = quoted.status === 200 ? (quoted.json() as Quote) : undefined;
  const offer = quote?.offers[0];
  const hasOffer = check(quoted, { 'a quote has offers': () => typeof offer?.token === 'string' });
  if (!hasOffer || !quote || !offer) return;

  const issued = http.post(
    `${region.edge}/v1/policies`,
    JSON.stringify({ offer: offer.token, holder, startsOn: quote.risk.startsOn }),
    {
      headers: { ...headers, 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() },
      tags: { name: 'issue' },
    },
  );
  check(issued, {
    'a policy is issued': (response) => response.status === 201,
    'it is of this region': (response) => String(response.json('id')).startsWith(`${region.name}-`),
  });
}
