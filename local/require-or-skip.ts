/**
 * Whether a test that needs a program from outside npm can run. Prints what is skipped and why; in CI a skip is a
 * failure, so there it throws.
 */
export function requireOrSkip(what: string, missing: string | undefined): boolean {
  if (missing === undefined) return true;
  if (process.env['CI'] === 'true') throw new Error(`${what} must run in CI: ${missing}`);
  process.stderr.write(`SKIPPED: ${what}: ${missing}\n`);
  return false;
}
