import { hostname } from 'node:os';
import type { Command } from 'commander';
import type { KubectlFlags } from '../cluster/run-kubectl.js';
import type { ClusterSource } from '../commands/shared/read-cluster.js';
import type { NodeAccess } from '../node/access.js';
import type { KubeProxyConfiguration } from '../proxy/configuration/kube-proxy-configuration.js';
import type { ProxyOptions } from '../proxy/options.js';
import type { ReadScope } from '../sync/compare.js';
import { type AccessFlags, runOptions } from './access-flags.js';
import { processIo } from './io.js';
import type { NodeFlags } from './proxy-flags.js';
import { globalOptions } from './shared-options.js';

/** What every command on a node works with. */
export interface NodeCommandSetting extends ReadScope {
  readonly source: ClusterSource;
  /** The cluster to read, by flags or configuration. */
  readonly kubectlFlags: KubectlFlags;
  readonly proxy: ProxyOptions;
  readonly sudo: boolean;
  readonly access: NodeAccess;
  /** What `--config` says, for the flags that are not given. */
  readonly configuration: KubeProxyConfiguration | undefined;
}

/** Turns the flags into what they mean, loading only now what that takes. */
export async function nodeCommandSetting(
  flags: NodeFlags,
  command: Command,
  defaultName: string = hostname(),
): Promise<NodeCommandSetting> {
  const [{ proxyOptions }, { createKubectl }, node] = await Promise.all([
    import('../proxy/configuration/proxy-options.js'),
    import('../cluster/run-kubectl.js'),
    nodeAccess(flags),
  ]);
  const configuration = flags.config === undefined ? undefined : await configurationFrom(flags.config);
  const { kubeconfig = configuration?.clientConnection?.kubeconfig || undefined, context } = globalOptions(command);
  const kubectlFlags = { kubeconfig, context };
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

/** This machine, for reading. */
export async function nodeAccess(flags: AccessFlags): Promise<Pick<NodeCommandSetting, 'sudo' | 'access'>> {
  const { thisNode } = await import('../run/this-node.js');
  const options = runOptions(flags);
  return { sudo: options.sudo, access: thisNode(options) };
}

async function configurationFrom(file: string) {
  const { readConfiguration } = await import('../proxy/configuration/read-configuration.js');
  return readConfiguration(file, line => processIo.stderr(`${line}\n`));
}
