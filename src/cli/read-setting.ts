import type { Command } from 'commander';
import { forStandardError } from '../output/journal.js';
import {
  type Configuration,
  type ConfigurationFile,
  configurationOf,
  type FlagValues,
} from '../proxy/configuration/configuration.js';
import { configurationNotes } from '../proxy/configuration/notes.js';
import { excludedNetworks } from '../proxy/configuration/proxy-options.js';
import { plural } from '../text.js';
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
  const { fields, server, idle, former } = kubeProxySetting(command);
  const file = path === undefined ? undefined : await readFile(path);
  const configuration = configurationOf(file, fields);
  configurationNotes(configuration, file).forEach(warn);
  if (former.length > 0) warn(formerLine(former));
  if (idle.length > 0) warn(`${idle.join(', ')}: not used: ${whyIdle(command.name())}`);
  return { configuration, server };
}

/**
 * Reads the networks whose virtual servers belong to other software. Nothing else of kube-proxy's flags and file
 * matters when everything is removed, so no line is needed about it.
 * @throws KproxyError option-invalid or configuration-invalid
 */
export async function readExcludedNetworks(command: Command, path: string | undefined): Promise<readonly string[]> {
  const file = path === undefined ? undefined : await readFile(path);
  const { fields } = kubeProxySetting(command);
  const flag = fields.get('ipvs.excludeCIDRs');
  const flags: FlagValues = new Map(flag === undefined ? [] : [['ipvs.excludeCIDRs', flag]]);
  return excludedNetworks(configurationOf(file && onlyIpvs(file), flags));
}

/** The rest may be for another mode by now: a node is cleaned up when it changes to one. */
const onlyIpvs = ({ source, value: { apiVersion, kind, ipvs } }: ConfigurationFile): ConfigurationFile => ({
  source,
  value: { apiVersion, kind, ipvs },
});

const whyIdle = (command: string): string =>
  command === 'sync' ? 'sync runs once without --watch' : `${command} does not stay, as sync --watch does`;

const formerLine = (names: readonly string[]): string =>
  `${names.join(', ')}: not used: kube-proxy 1.37 does not have ${plural(names.length, 'it', 'them')} either`;

async function readFile(path: string): Promise<ConfigurationFile> {
  const { readConfiguration } = await import('../proxy/configuration/read-configuration.js');
  return readConfiguration(path, { readStdin: processIo.readStdin, warn });
}

const warn = (line: string): void => processIo.stderr(`${forStandardError('warning', line)}\n`);
