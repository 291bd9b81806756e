import { readFile } from 'node:fs/promises';

/** Of Linux, whatever the machine: `/proc` counts in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** A child that ended while it was read: what it had used is its parent's by now. */
class ChildEnded extends Error {}

/** Processor time of a process and of its children, s: all threads, in itself and in the kernel for it. */
export async function processorTime(pid: number): Promise<number> {
  for (;;) {
    try {
      return (await ticksOf(pid)) / TICKS_PER_SECOND;
    } catch (error) {
      if (!(error instanceof ChildEnded)) throw error;
    }
  }
}

/** In whole ticks, so that what passes from a child to its parent is lost in no rounding. */
async function ticksOf(pid: number): Promise<number> {
  const children = await childrenOf(pid);
  const theirs = await Promise.all(children.map((child) => ticksOf(child).catch(orEnded)));
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const left = new Set(await childrenOf(pid));
  if (!children.every((child) => left.has(child))) throw new ChildEnded();
  // After the name, which may have spaces in it, fields 3 and on; 14 to 17 are utime and stime, and those of children that ended.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [...fields.slice(11, 15), ...theirs].reduce<number>((sum, ticks) => sum + Number(ticks), 0);
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
}

function orEnded(error: NodeJS.ErrnoException): never {
  throw error.code === 'ENOENT' || error.code === 'ESRCH' ? new ChildEnded() : error;
}
