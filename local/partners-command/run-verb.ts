import type { ExitCode } from '../terminal.ts';
import type { PartnersContext } from './context.ts';
import type { Command } from './forms.ts';
import { moveShares } from './move-shares.ts';
import { revokeKey } from './revoke-key.ts';
import { rotateKey } from './rotate-key.ts';
import { setLimit } from './set-limit.ts';
import { showPartner } from './show-partner.ts';

/** Does what was asked for. */
export function runVerb(ctx: PartnersContext, command: Command): Promise<ExitCode> {
  switch (command.form) {
    case 'show':
      return showPartner(ctx, command);
    case 'limit':
      return setLimit(ctx, command);
    case 'share':
      return moveShares(ctx, command);
    case 'rotate-key':
      return rotateKey(ctx, command);
    case 'revoke-key':
      return revokeKey(ctx, command);
  }
}
