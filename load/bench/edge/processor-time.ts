import { readFile } from 'node:fs/promises';

/** Of Linux, whatever the machine: `/proc` counts in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** Processor time of a process and of its children that live, s: all threads, in itself and in the kernel for it. */
export async function processorTime(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // After the name, which may have spaces in it, fields 3 and on; utime and stime are 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').filter(Boolean);
  const own = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  const theirs = await Promise.all(children.map((child) => processorTime(Number(child))));
  return theirs.reduce((sum, each) => sum + each, own);
}
