/** A machine that a report may be of. */
export const machine = {
  cpu: 'a processor',
  cores: 2,
  memoryGiB: 24,
  load: 0.1,
  system: 'Debian x64',
  node: 'v24.21.0',
  versions: {},
  commit: 'abc',
  date: '2026-11-02T00:00:00.000Z',
};
