import { OutboxStatus, ReplayAnswer } from '#contracts/outbox.ts';
import { runCommand } from '#platform/lifecycle/service.ts';
import { findService } from './find-service.ts';
import { call } from './operator-call.ts';
import { replayLines, statusLines } from './outbox-command/outbox-lines.ts';
import { parseCommand } from './outbox-command/parse-command.ts';

// How far a region's policies are sent, and sending them again: core's operator API as a command. Of a running npm start,
// or of the core at CORE_URL with OPERATOR_TOKEN.

await runCommand('outbox', async () => {
  const command = parseCommand(process.argv.slice(2));
  const core = await findService('core', command.region);
  const lines =
    command.verb === 'status'
      ? statusLines(await call(core, { path: '/v1/outbox', schema: OutboxStatus }))
      : replayLines(await call(core, { path: '/v1/outbox/replay', schema: ReplayAnswer, body: command.request }));
  process.stdout.write(`${lines.join('\n')}\n`);
});
