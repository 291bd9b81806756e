import type { MiddlewareHandler } from 'hono';
import { setHeader } from '#platform/telemetry/trace.ts';

/** What no answer of an API is for: to be guessed at, framed, embedded by other sites, or told of in a Referer. */
const EVERYWHERE = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  // This host alone, a year; what others of its domain speak is not ours to say. Browsers heed it over TLS only.
  'strict-transport-security': 'max-age=31536000',
};

const NOTHING = "default-src 'none'; frame-ancestors 'none'";
/** The page has a style of its own and no script. Core writes it, and is released apart: its hash here could be another's. */
const OWN_STYLE = `${NOTHING}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`;

/** Of all answers but pages. */
export const PROTECTION = { ...EVERYWHERE, 'content-security-policy': NOTHING };
const ANSWER = Object.entries(PROTECTION);
const PAGE = Object.entries({ ...PROTECTION, 'content-security-policy': OWN_STYLE });
const PAGES = new Set(['/docs']);

/** Every answer says how a browser is to treat it, refusals and failures too. */
export const protectAnswers: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of PAGES.has(c.req.path) ? PAGE : ANSWER) setHeader(c, name, value);
};
