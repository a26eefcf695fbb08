import { Option } from 'commander';
import type { RunOptions } from '../../run/run-options.js';
import { parseDuration } from './duration.js';

/** The flags of every command that reads a node. */
export interface AccessFlags {
  readonly sudo?: boolean;
  /** In milliseconds. */
  readonly toolTimeout: number;
  readonly iptablesBackend?: 'auto' | 'nft' | 'legacy';
}

/** A batch for ten thousand Services takes seconds. */
const defaultToolTimeout = [120_000, '2m'] as const;

export const accessOptions = (): readonly Option[] => [
  new Option('--sudo', 'run the tools through sudo (default: if the user is not root)'),
  new Option('--no-sudo', 'never run the tools through sudo'),
  new Option('--tool-timeout <duration>', 'kill a tool that has not ended after this time, and stop')
    .argParser(parseDuration)
    .default(...defaultToolTimeout),
  new Option('--iptables-backend <name>', "where the node's iptables rules are; auto is where the kubelet has its own")
    .choices(['auto', 'nft', 'legacy'])
    .default('auto'),
];

/** Returns how tools are run. Without --sudo or --no-sudo, sudo is used unless the user is root. */
export const runOptions = ({ sudo, toolTimeout, iptablesBackend }: AccessFlags): RunOptions => ({
  sudo: sudo ?? process.getuid?.() !== 0,
  timeoutMilliseconds: toolTimeout,
  iptablesBackend: iptablesBackend === 'auto' ? undefined : iptablesBackend,
});
