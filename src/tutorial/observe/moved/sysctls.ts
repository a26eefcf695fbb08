import type { KernelAnswer, Movement } from '../observed.js';
import { between, keysOf } from './lines.js';

/** Returns what moved in the kernel's parameters. */
export const movedSysctls = (
  machine: string,
  { sysctls: before }: KernelAnswer,
  { sysctls: after }: KernelAnswer,
): readonly Movement[] =>
  keysOf(before, after).flatMap(name => between(`${machine}: /proc/sys/${name}`, before.get(name), after.get(name)));
