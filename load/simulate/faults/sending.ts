import type { Publish } from '../broker/produce.ts';
import type { Fault, Parts } from '../parts.ts';

const publishing = (parts: Parts, plant: (real: Publish) => Publish): Parts => ({
  ...parts,
  createPublish: (world, options) => plant(parts.createPublish(world, options)),
});

export const noAcknowledgement: Fault = {
  name: 'no-acknowledgement',
  does: 'takes events for sent before the broker has stored them',
  plant: (parts) =>
    publishing(parts, (publish) => async (...sent) => {
      publish(...sent).catch(() => undefined);
    }),
};

export const failedRows: Fault = {
  name: 'failed-rows',
  does: 'marks events as failed when sending fails, and nobody tries them again',
  plant: (parts) =>
    publishing(
      parts,
      (publish) =>
        (...sent) =>
          publish(...sent).catch(() => undefined),
    ),
};
