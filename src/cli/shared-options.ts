import { hostname } from 'node:os';
import { type Command, Option } from 'commander';

/** One value more each time the option is given. */
export const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

export const fromOption = (): Option =>
  new Option('--from <path>', 'read objects from a file, a folder or - (stdin) instead of kubectl; repeatable')
    .argParser(collect)
    .default([], 'kubectl');

interface NodeNameOptions {
  readonly node?: string;
  readonly hostnameOverride?: string;
}

/** As kube-proxy names its node: lower case, without blanks. */
export const nodeNameOf = (options: NodeNameOptions): string =>
  (options.node ?? options.hostnameOverride ?? hostname()).trim().toLowerCase();

export interface GlobalOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
}

export const globalOptions = (command: Command): GlobalOptions => command.optsWithGlobals<GlobalOptions>();
