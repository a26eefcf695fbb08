import type { Command } from 'commander';
import { isJournalStream, withPriority } from '../output/journal.js';
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
  const warn = warningTo(process.stderr);
  const { fields, server, idle, former } = kubeProxySetting(command);
  const file = path === undefined ? undefined : await readFile(path, warn);
  const configuration = configurationOf(file, fields);
  configurationNotes(configuration, file).forEach(warn);
  if (former.length > 0)
    warn(
      `${former.join(', ')}: not used: ${former.length === 1 ? 'kube-proxy 1.37 does not have it either' : 'kube-proxy 1.37 does not have them either'}`,
    );
  if (idle.length > 0) warn(`${idle.join(', ')}: not used: ${command.name()} does not stay, as sync --watch does`);
  return { configuration, server };
}

async function readFile(path: string, warn: (line: string) => void): Promise<ConfigurationFile> {
  const { readConfiguration } = await import('../proxy/configuration/read-configuration.js');
  return readConfiguration(path, { readStdin: processIo.readStdin, warn });
}

/** Returns a function that prints warnings, with their priority if the journal reads them. */
function warningTo({ fd }: { readonly fd: number }): (line: string) => void {
  const isJournal = isJournalStream(process.env.JOURNAL_STREAM, fd);
  return line => processIo.stderr(`${isJournal ? withPriority('warning', line) : line}\n`);
}
