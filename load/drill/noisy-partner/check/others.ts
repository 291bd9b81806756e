import { type Asked, isAdmitted } from '../asked.ts';
import type { CallerName, RegionName } from '../callers.ts';
import { maySpend } from './spent.ts';

/** What was done to the regions meanwhile, and so may be felt. Times are ms since 1970. */
export interface Incident {
  /** All processes of a region killed at once. */
  readonly dead?: { readonly region: RegionName; readonly at: number };
  /** Until then a partner has no more than what the survivor had for it, although it sends all to the survivor. */
  readonly sharesMovedBy?: number;
}

export interface Judged {
  readonly faults: readonly string[];
  readonly asked: number;
  /** 429 for a partner within its limit, while what the dead region had for it was not to be had. */
  readonly shareOfSurvivor: readonly Asked[];
  /** 429 for more in a second than it allows: an even pace that this machine made uneven on the way. */
  readonly bunched: readonly Asked[];
  /** Connections that the dead region refused or cut before the caller knew. */
  readonly excused: readonly Asked[];
}

/** What a caller may do in a second where a request went, and among which of its requests that is counted. */
export type Quota = (asked: Asked) => { readonly perSecond: number; readonly among: (other: Asked) => boolean };

/** Whether everybody but the offender had a good answer each time, and what is excused. */
export function checkOthers(
  asked: readonly Asked[],
  { incident, quota }: { incident: Incident; quota: Quota },
): Judged {
  const noticed = noticedAt(asked);
  const faults = new Map<string, number>();
  const found = (what: string) => void faults.set(what, (faults.get(what) ?? 0) + 1);
  const [shareOfSurvivor, bunched, excused]: [Asked[], Asked[], Asked[]] = [[], [], []];
  for (const request of asked) {
    const { caller, what, region, status, error, refusal, tellsLimit } = request;
    if (refusal) {
      if (isExcused(request, incident, noticed)) excused.push(request);
      else found(`${caller} was cut off by ${refusal.region} (${refusal.error})`);
    }
    if (isForLackOfShare(request, incident)) shareOfSurvivor.push(request);
    else if (isBunched(request, asked, quota)) bunched.push(request);
    else if (!isAdmitted(request)) found(`${caller}'s ${what} in ${region} was answered ${error ?? status}`);
    if (status > 0 && !tellsLimit)
      found(`${caller}'s ${what} in ${region}, answered ${status}, does not tell its limit`);
  }
  return {
    faults: [...faults].map(([what, times]) => `${times} times ${what}`),
    asked: asked.length,
    shareOfSurvivor,
    bunched,
    excused,
  };
}

function isBunched(request: Asked, asked: readonly Asked[], quota: Quota): boolean {
  if (request.status !== 429) return false;
  const { perSecond, among } = quota(request);
  const admitted = asked.filter((other) => other.caller === request.caller && isAdmitted(other) && among(other));
  return maySpend(request, admitted, perSecond);
}

/** When each caller first heard that a region is not there. */
function noticedAt(asked: readonly Asked[]): Map<CallerName, number> {
  const noticed = new Map<CallerName, number>();
  for (const { caller, refusal } of asked)
    if (refusal) noticed.set(caller, Math.min(refusal.at, noticed.get(caller) ?? Number.POSITIVE_INFINITY));
  return noticed;
}

/** Only what was on its way when the caller learned of it: who knows, goes elsewhere. */
function isExcused({ caller, refusal }: Asked, { dead }: Incident, noticed: ReadonlyMap<CallerName, number>): boolean {
  if (!refusal || !dead || refusal.region !== dead.region || refusal.at < dead.at) return false;
  return refusal.sentAt <= (noticed.get(caller) ?? Number.NEGATIVE_INFINITY);
}

function isForLackOfShare({ caller, status, region, sentAt }: Asked, { dead, sharesMovedBy }: Incident): boolean {
  if (status !== 429 || caller === 'visitors' || !dead || sharesMovedBy === undefined) return false;
  return region !== dead.region && sentAt >= dead.at && sentAt < sharesMovedBy;
}
