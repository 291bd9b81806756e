/** How a test ended. One that was cut off is `pending`. */
export type State = 'passed' | 'failed' | 'skipped' | 'pending';

/** What became of a file's tests when they ran last. */
export interface FileRecord {
  /** RFC 3339. */
  readonly at: string;
  /** The commit that was checked out, in short; absent outside of a repository. */
  readonly commit?: string;
  /** There was something on it that was not committed. */
  readonly changed?: boolean;
  /** Why the file itself failed, before or after its tests. */
  readonly broken?: string;
  readonly tests: readonly { readonly names: readonly string[]; readonly state: State }[];
}

/** By path from the root. */
export interface TestRecord {
  readonly files: Readonly<Record<string, FileRecord>>;
}

/** Where runs leave it. */
export const RECORD = '.local/tests.json';
