import { type Command, Option } from 'commander';
import type { RunOptions } from '../run/run-options.js';
import { parseDuration } from './duration.js';

/** The flags of every command that reads a node. */
export interface AccessFlags {
  readonly sudo?: boolean;
  /** Milliseconds. */
  readonly toolTimeout: number;
}

/** A batch of ten thousand Services takes seconds. */
const usualToolTimeout = [120_000, '2m'] as const;

export const withAccessFlags = (command: Command): Command =>
  command
    .option('--sudo', 'run the tools through sudo (default: where the user is not root)')
    .option('--no-sudo', 'never run the tools through sudo')
    .addOption(
      new Option('--tool-timeout <duration>', 'give up on a tool that has not ended by then, and kill it')
        .argParser(parseDuration)
        .default(...usualToolTimeout),
    );

/** Through sudo where the user is not root and has not said otherwise. */
export const runOptions = ({ sudo, toolTimeout }: AccessFlags): RunOptions => ({
  sudo: sudo ?? process.getuid?.() !== 0,
  timeoutMilliseconds: toolTimeout,
});
