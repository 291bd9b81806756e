import type { RunPlan } from '../traffic/plan-run.ts';

/** The thresholds of a run in k6's words. Those that are not judged hold always: k6 measures only what has a threshold. */
export function thresholdsOf({ streams, gates }: RunPlan): Record<string, string[]> {
  const thresholds: Record<string, string[]> = {};
  for (const { name, isStrict } of streams) {
    thresholds[`dropped_iterations{scenario:${name}}`] = [isStrict ? 'count==0' : 'count>=0'];
  }
  for (const { series, isJudged, failedShare, p95Ms, leastCount, admitted } of gates) {
    const named = (metric: string) => `${metric}{name:${series}}`;
    thresholds[named('http_reqs')] = [isJudged ? `count>=${leastCount}` : 'count>=0'];
    thresholds[named('wrong')] = [isJudged ? `rate<=${failedShare}` : 'rate>=0'];
    thresholds[named('http_req_duration')] = [isJudged ? `p(95)<${p95Ms}` : 'p(95)>=0'];
    thresholds[named('admitted')] = admitted ? [`count>=${admitted.least}`, `count<=${admitted.most}`] : ['count>=0'];
  }
  return thresholds;
}
