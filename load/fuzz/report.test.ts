import { describe, expect, it } from 'vitest';
import { acceptedIn, type Call, judge, type Report } from './report.ts';

const report = (changes: Partial<Report> = {}): Report => ({
  operations: { selected: 2, tested: 2 },
  phases: { coverage: { status: 'success' } },
  failures: [],
  errors: [],
  ...changes,
});
const call = (method: string, path: string, status: number): Call => ({ method, url: `http://a${path}`, status });
const CALLS = [call('GET', '/a?x=1', 200), call('GET', '/a', 304), call('GET', '/a', 400), call('POST', '/b/7/c', 201)];
const target = { mustReach: 'POST /b/[^/]+/c' };

describe('a report of schemathesis', () => {
  it('says what was accepted, in all and of a kind', () => {
    expect([acceptedIn(CALLS), acceptedIn(CALLS, 'GET /a'), acceptedIn(CALLS, 'POST /b')]).toEqual([3, 2, 0]);
  });

  it('is good when all was tried, nothing failed, and the deepest call was accepted', () => {
    expect(judge(report(), CALLS, target)).toEqual([]);
  });

  it.each([
    [{ failures: [{ title: 'Server error', operations: ['GET /a', 'POST /b'] }] }, 'Server error: GET /a, POST /b'],
    [
      { errors: [{ title: 'Schema Loading Error' }] },
      'schemathesis stopped at an error of its own: Schema Loading Error',
    ],
    [{ operations: { selected: 2, tested: 1 } }, '1 of 2 calls were not tried in the time'],
    [{ operations: null }, '0 of 0 calls were not tried in the time'],
  ])('is bad with %j', (changes, sentence) => {
    expect(judge(report(changes), CALLS, target)).toEqual([sentence]);
  });

  it('is worth nothing when what it had to reach was not reached, or nothing was sent', () => {
    const unreached = 'no POST /b/[^/]+/c was accepted: what is behind it was not reached';
    expect(judge(report(), CALLS.slice(0, 3), target)).toEqual([unreached]);
    expect(judge(report(), [], {})).toEqual(['not one request was sent']);
  });
});
