import type { FieldError, ProblemSlug } from '#contracts/problem.ts';

/** What a problem may say besides its slug and detail. */
export interface ProblemExtras {
  readonly errors?: readonly FieldError[];
  /** wrong-region: base URL of the home region. */
  readonly home?: string;
  /** offer-expired: address of a fresh quote. */
  readonly quote?: string;
  /** method-not-allowed: the methods that there are, sent as Allow. */
  readonly allow?: readonly string[];
  /** Seconds, sent as Retry-After. */
  readonly retryAfterSeconds?: number;
}

/** A refusal that the domain means. It knows its slug; HTTP is for answer.ts to know. */
export class DomainError extends Error {
  readonly slug: ProblemSlug;
  readonly extras: ProblemExtras;

  constructor(slug: ProblemSlug, detail: string, extras: ProblemExtras = {}) {
    super(detail);
    this.name = 'DomainError';
    this.slug = slug;
    this.extras = extras;
  }
}

/** 400: fields are wrong; each is named with what it may be. */
export class InvalidRequest extends DomainError {
  constructor(errors: readonly FieldError[]) {
    const said = errors.map((error) => `${error.field}: ${error.message}`).join('; ');
    super('invalid-request', `The request is not valid: ${said}`, { errors });
  }
}

/** 404: absent, or not the caller's to see. */
export class NotFound extends DomainError {
  constructor(what: string) {
    super('not-found', `${what} was not found`);
  }
}

/** 401: no key, or one that is not known. */
export class Unauthenticated extends DomainError {
  constructor(detail: string) {
    super('unauthenticated', detail);
  }
}
