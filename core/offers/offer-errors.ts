import { DomainError } from '#platform/problem/domain-error.ts';

/** 400: the token cannot be read, or its signature does not hold. */
export class OfferInvalid extends DomainError {
  constructor(reason: string) {
    super(
      'offer-invalid',
      `Cannot use this offer: ${reason}. Ask for a fresh quote and send one of its tokens unchanged`,
    );
  }
}

/** 409: too late; `quote` is where the same risk is rated anew. */
export class OfferExpired extends DomainError {
  constructor(expiresAt: string, quote: string) {
    super('offer-expired', `Cannot issue a policy for this offer: it expired at ${expiresAt}`, { quote });
  }
}

/** 421: another region's; `home` is where it can be bought or found. */
export class WrongRegion extends DomainError {
  constructor(what: string, options: { region: string; home: string | undefined }) {
    const extras = options.home ? { home: options.home } : {};
    super(
      'wrong-region',
      `This ${what} belongs to region "${options.region}"; only that region can answer for it`,
      extras,
    );
  }
}
