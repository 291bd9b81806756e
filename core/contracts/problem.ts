import * as z from 'zod';

/** Every refusal there is: slug to HTTP status and title. `type` on the wire ends in the slug (RFC 9457). */
export const PROBLEMS = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'offer-invalid': { status: 400, title: 'The offer was altered or cannot be read' },
  unauthenticated: { status: 401, title: 'A valid key is required' },
  forbidden: { status: 403, title: 'Not allowed' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  'request-timeout': { status: 408, title: 'The request did not come in time' },
  'offer-expired': { status: 409, title: 'The offer has expired' },
  'policy-ended': { status: 409, title: 'No day of cover is left to cancel' },
  'dead-letter-booked': { status: 409, title: 'The dead letter is booked' },
  'register-not-ready': { status: 409, title: 'The register cannot be closed yet' },
  'precondition-failed': { status: 412, title: 'It was changed since it was read' },
  'payload-too-large': { status: 413, title: 'The body is too large' },
  'wrong-region': { status: 421, title: 'The offer belongs to another region' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key was used with another body' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Internal error' },
  'core-unavailable': { status: 503, title: 'The region cannot answer now' },
} as const;
export type ProblemSlug = keyof typeof PROBLEMS;

/** Where `type` addresses of problems live. */
export const PROBLEM_BASE = 'https://insuretech.example/problems/';

/** One wrong field: where it is, what is wrong, and what is allowed. */
export const FieldError = /* @__PURE__ */ z
  .strictObject({ field: z.string(), message: z.string() })
  .meta({ id: 'FieldError' });
export type FieldError = z.infer<typeof FieldError>;

/** application/problem+json, RFC 9457. */
export const Problem = /* @__PURE__ */ z
  .object({
    type: z.string().meta({ example: `${PROBLEM_BASE}offer-expired` }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    errors: z.array(FieldError).optional(),
    home: z.string().optional().meta({ description: 'wrong-region: base URL of the region that can issue' }),
    quote: z.string().optional().meta({ description: 'offer-expired: where to get a fresh quote' }),
    traceId: z.string(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;
