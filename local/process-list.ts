import { writeFileSync } from 'node:fs';

const FILE = '.local/processes.json';

/** Which process is what, in `.local/processes.json`: to look at, to measure, to kill and watch it come back. */
export interface ProcessList {
  started(name: string, pid: number | undefined): void;
}

export function createProcessList(): ProcessList {
  const pids = new Map<string, number>();
  return {
    started(name, pid) {
      if (pid === undefined) return;
      pids.set(name, pid);
      writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(pids), null, 2)}\n`);
    },
  };
}
