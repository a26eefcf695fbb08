import { hostname } from 'node:os';
import type { Command } from 'commander';
import type { KubectlFlags } from '../cluster/run-kubectl.js';
import type { ClusterSource } from '../commands/shared/read-cluster.js';
import type { NodeAccess } from '../node/access.js';
import type { KubeProxyConfiguration } from '../proxy/configuration/kube-proxy-configuration.js';
import type { ProxyOptions } from '../proxy/options.js';
import type { ReadScope } from '../sync/coverage.js';
import { processIo } from './io.js';
import { type AccessFlags, runOptions } from './options/access.js';
import { globalFlags } from './options/cluster.js';
import type { NodeFlags } from './options/node.js';

/** What every command on a node works with. */
export interface NodeSetting extends ReadScope {
  readonly source: ClusterSource;
  /** How kubectl finds the cluster, by flags or configuration. */
  readonly kubectlFlags: KubectlFlags;
  readonly proxy: ProxyOptions;
  readonly sudo: boolean;
  readonly access: NodeAccess;
  /** The file of `--config`, for options that are not on the command line. */
  readonly configuration: KubeProxyConfiguration | undefined;
}

/** Turns the flags of a node command into its setting. Loads the modules that takes only now. */
export async function nodeSetting(
  flags: NodeFlags,
  command: Command,
  defaultName: string = hostname(),
): Promise<NodeSetting> {
  const [{ proxyOptions }, { createKubectl }, node] = await Promise.all([
    import('../proxy/configuration/proxy-options.js'),
    import('../cluster/run-kubectl.js'),
    nodeAccess(flags),
  ]);
  const configuration = flags.config === undefined ? undefined : await readConfigurationFile(flags.config);
  const global = globalFlags(command);
  const kubeconfig = global.kubeconfig ?? (configuration?.clientConnection?.kubeconfig || undefined);
  const kubectlFlags = { ...global, kubeconfig };
  return {
    source: { from: flags.from, kubectl: createKubectl(kubectlFlags), namespace: flags.namespace },
    kubectlFlags,
    namespace: flags.namespace,
    allowEmpty: flags.allowEmpty ?? false,
    proxy: proxyOptions(flags, configuration, defaultName),
    ...node,
    configuration,
  };
}

/** Returns the access to this machine's kernel for one command. */
export async function nodeAccess(flags: AccessFlags): Promise<Pick<NodeSetting, 'sudo' | 'access'>> {
  const { createThisNode } = await import('../run/this-node.js');
  const options = runOptions(flags);
  return { sudo: options.sudo, access: createThisNode(options) };
}

async function readConfigurationFile(file: string) {
  const { readConfiguration } = await import('../proxy/configuration/read-configuration.js');
  return readConfiguration(file, line => processIo.stderr(`${line}\n`));
}
