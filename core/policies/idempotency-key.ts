import { hash } from 'node:crypto';
import { DomainError } from '#platform/problem/domain-error.ts';

/** 422: the key stands for another request. */
export class IdempotencyKeyReused extends DomainError {
  constructor(idempotencyKey: string) {
    super(
      'idempotency-key-reused',
      `The Idempotency-Key "${idempotencyKey}" was used with another body or for another policy: send a new key`,
    );
  }
}

/** SHA-256 of a parsed request, hex: the order of a client's fields does not make another body of it. */
export const digestOf = (request: object): string => hash('sha256', JSON.stringify(request));
