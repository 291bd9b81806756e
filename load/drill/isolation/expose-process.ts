import { once } from 'node:events';
import { connect, createServer } from 'node:net';

// Shows every port of a region's loopback under the region's own address, so that only the want of a way keeps others
// out: node expose-process.ts ADDRESS PORT...

const [address = '', ...ports] = process.argv.slice(2);
for (const port of ports.map(Number)) {
  const server = createServer((outside) => {
    const inside = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [outside, inside],
      [inside, outside],
    ] as const) {
      from.pipe(to);
      from.once('error', () => to.destroy());
    }
  });
  await once(server.listen(port, address), 'listening');
}
process.stdout.write('exposed\n');
