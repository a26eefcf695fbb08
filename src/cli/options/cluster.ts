import { type Command, InvalidArgumentError, Option } from 'commander';
import { quotedIfHostile } from '../../cluster/problems.js';
import { parseDuration } from './duration.js';

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
  /** In milliseconds. */
  readonly requestTimeout?: number;
  /** Folders in which tools are found before the system's. */
  readonly toolPath?: readonly string[];
}

export const globalOptions = (): readonly Option[] => [
  new Option('--kubeconfig <file>', "kubectl's configuration"),
  new Option('--context <name>', "the context of kubectl's configuration"),
  new Option('--request-timeout <duration>', 'how long kubectl may wait for an answer of the API server')
    .argParser(parseDuration)
    .default(30_000, '30s'),
  new Option(
    '--tool-path <folders>',
    "folders with tools and kubectl, before the system's; absolute, separated by :",
  ).argParser(toolFoldersOf),
];

/** Refuses a relative folder, and an empty one, which stands for the current folder in PATH. */
function toolFoldersOf(text: string): readonly string[] {
  const folders = text.split(':');
  const wrong = folders.find(folder => !folder.startsWith('/'));
  if (wrong === undefined) return folders;
  throw new InvalidArgumentError(
    wrong === '' ? 'A folder is empty.' : `${quotedIfHostile(wrong)} does not begin with /.`,
  );
}

export const globalFlags = (command: Command): GlobalFlags => command.optsWithGlobals<GlobalFlags>();
