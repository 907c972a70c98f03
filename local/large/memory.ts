import { readFileSync } from 'node:fs';

/** The highest resident set of a process so far, in MiB, as the kernel has measured it. */
export const peakMemory = (pid: number): number =>
  Math.round(
    Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
  );
