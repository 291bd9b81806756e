import { readRegister, type Wanted } from './read-register.ts';

// The insurer's side: reads a register over HTTP and answers what is in it.
process.on('message', async (wanted: Wanted) => {
  process.send?.(await readRegister(wanted));
});
process.once('disconnect', () => process.exit(0));
process.send?.({});
