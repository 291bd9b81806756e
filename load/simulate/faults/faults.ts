import type { Fault } from '../parts.ts';
import { checkThenInsert, errorSwallowed, memoryOnly, offsetFirst, positionApart, staleAccepted } from './booking.ts';
import { clockRetention, deafToLoss, epochKept, moveUnfenced, reconnecting, resendUnderEpoch } from './owning.ts';
import { fullPageEndsWindow, idAfterLast, markBeforeSend, skipLocked, xidCursor, xidWindows } from './reading.ts';
import { failedRows, noAcknowledgement } from './sending.ts';

/** Every planted fault: each must be found, or that the system stays whole without it proves nothing. */
export const FAULTS: readonly Fault[] = [
  idAfterLast,
  xidCursor,
  xidWindows,
  skipLocked,
  fullPageEndsWindow,
  markBeforeSend,
  epochKept,
  moveUnfenced,
  resendUnderEpoch,
  deafToLoss,
  reconnecting,
  noAcknowledgement,
  failedRows,
  clockRetention,
  offsetFirst,
  errorSwallowed,
  memoryOnly,
  checkThenInsert,
  positionApart,
  staleAccepted,
];
