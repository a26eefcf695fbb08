import type { Command } from 'commander';
import { forStandardError } from '../output/journal.js';
import { type Configuration, type ConfigurationFile, configurationOf } from '../proxy/configuration/configuration.js';
import { configurationNotes } from '../proxy/configuration/notes.js';
import { processIo } from './io.js';
import { kubeProxySetting } from './options/kube-proxy-options.js';

/** What the command line says in flags of kube-proxy, with the file that it names. */
export interface ReadSetting {
  readonly configuration: Configuration;
  /** The URL of the API server, in place of the kubeconfig's. */
  readonly server: string | undefined;
}

/**
 * Reads kube-proxy's flags and the file of `--config`, and says on standard error what of them kproxy does not use.
 * @throws KproxyError option-invalid or configuration-invalid
 */
export async function readSetting(command: Command, path: string | undefined): Promise<ReadSetting> {
  const { fields, server, idle } = kubeProxySetting(command);
  const file = path === undefined ? undefined : await readFile(path);
  const configuration = configurationOf(file, fields);
  configurationNotes(configuration, file).forEach(warn);
  if (idle.length > 0) warn(`${idle.join(', ')}: not used: ${command.name()} does not stay, as sync --watch does`);
  return { configuration, server };
}

async function readFile(path: string): Promise<ConfigurationFile> {
  const { readConfiguration } = await import('../proxy/configuration/read-configuration.js');
  return readConfiguration(path, { readStdin: processIo.readStdin, warn });
}

const warn = (line: string): void => processIo.stderr(`${forStandardError('warning', line)}\n`);
