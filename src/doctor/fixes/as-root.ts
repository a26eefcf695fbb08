import type { Machine } from '../facts.js';

/** Returns a command as this user runs it with root's rights. */
export const asRoot = ({ isRoot }: Pick<Machine, 'isRoot'>, command: string): string =>
  isRoot ? command : `sudo ${command}`;

/** Returns a script of a shell as this user runs it with root's rights. It must have no single quotes. */
export const scriptAsRoot = (machine: Pick<Machine, 'isRoot'>, script: string): string =>
  asRoot(machine, `sh -c '${script}'`);
