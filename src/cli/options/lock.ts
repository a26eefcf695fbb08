import { InvalidArgumentError, Option } from 'commander';
import type { AccessFlags } from './access.js';

/** The flags of the commands that change a node. */
export interface LockFlags extends AccessFlags {
  /** In seconds. */
  readonly lockTimeout?: number;
}

export const lockOptions = (): readonly Option[] => [
  new Option(
    '--lock-timeout <seconds>',
    'stop if another kproxy works on this node for longer than this (default: wait)',
  ).argParser(parseSeconds),
];

function parseSeconds(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number) || number < 0)
    throw new InvalidArgumentError('A number of seconds is needed.');
  return number;
}
