import type { ParameterDescription } from '#contracts/quote.ts';
import type { Parameter, Parameters } from './parameter.ts';

/** What `GET /v1/products` says of a product's parameters; each example is good on `today` (date in Moscow). */
export function describeParameters<Risk>(parameters: Parameters<Risk>, today: string): ParameterDescription[] {
  return Object.entries<Parameter<unknown, Risk>>(parameters).map(([name, parameter]) => {
    const { label, type, values, unit, onlyFor, lookup, allowed } = parameter;
    return {
      name,
      label,
      type,
      required: parameter.absent === undefined || onlyFor !== undefined,
      ...(parameter.default && { default: parameter.default(today) }),
      ...(values && { values }),
      ...parameter.bounds?.(today),
      ...(unit && { unit }),
      ...(onlyFor && { onlyFor }),
      ...(lookup && { lookup }),
      allowed,
      example: parameter.example(today),
    };
  });
}
