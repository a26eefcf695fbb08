import { type Command, Option } from 'commander';

/** One value more each time the option is given. */
export const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

export const fromOption = (): Option =>
  new Option('--from <path>', 'read objects from a file, a folder or - (stdin) instead of kubectl; repeatable')
    .argParser(collect)
    .default([], 'kubectl');

export interface GlobalOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
}

export const globalOptions = (command: Command): GlobalOptions => command.optsWithGlobals<GlobalOptions>();
