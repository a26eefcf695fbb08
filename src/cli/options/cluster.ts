import { type Command, Option } from 'commander';

/** The flags of every command that reads a cluster. */
export interface ClusterFlags {
  readonly from: readonly string[];
  readonly namespace?: string;
}

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

export const fromOption = (): Option =>
  new Option('--from <path>', 'read objects from a file, a folder or - (stdin) instead of kubectl; repeatable')
    .argParser(collect)
    .default([], 'kubectl');

/** Options of all commands, given before or after the command's name. */
export interface GlobalFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
}

export const globalOptions = (): readonly Option[] => [
  new Option('--kubeconfig <file>', "kubectl's configuration"),
  new Option('--context <name>', "the context of kubectl's configuration"),
];

export const globalFlags = (command: Command): GlobalFlags => command.optsWithGlobals<GlobalFlags>();
