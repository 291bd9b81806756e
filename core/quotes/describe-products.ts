import type { Products } from '#contracts/quote.ts';
import type { CoreContext } from '../context.ts';
import { describeOsagoParameters } from '../rating/osago/parameters.ts';
import { moscowDate } from './moscow-date.ts';

/** The products on sale, the parameters that rate them, and the insurers whose tariffs are known. */
export function describeProducts({ catalogue, now }: Pick<CoreContext, 'catalogue' | 'now'>): Products {
  const sellers = catalogue.entries().filter((entry) => entry.tariffs.has('osago'));
  return {
    items: [
      {
        product: 'osago',
        title: 'OSAGO: compulsory motor third-party liability insurance',
        parameters: describeOsagoParameters(moscowDate(now())),
        insurers: sellers.map((entry) => entry.insurer),
      },
    ],
  };
}
