import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Command } from 'commander';
import { quotedIfHostile } from '../cluster/problems.js';
import type { KubectlFlags } from '../cluster/run-kubectl.js';
import type { ClusterSource } from '../commands/shared/read-cluster.js';
import { KproxyError } from '../errors.js';
import type { NodeAccess } from '../node/access.js';
import type { Configuration } from '../proxy/configuration/configuration.js';
import type { ProxyOptions } from '../proxy/options.js';
import type { ReadScope } from '../sync/coverage.js';
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
  /** What the flags of kube-proxy and the file of `--config` say. */
  readonly configuration: Configuration;
}

/** Turns the flags of a node command into its setting. Loads the modules that takes only now. */
export async function nodeSetting(
  flags: NodeFlags,
  command: Command,
  defaultName: string = hostname(),
): Promise<NodeSetting> {
  const [{ proxyOptions }, { createKubectl }, { readSetting }, { apiServerAddresses }] = await Promise.all([
    import('../proxy/configuration/proxy-options.js'),
    import('../cluster/run-kubectl.js'),
    import('./read-setting.js'),
    import('../cluster/api-servers.js'),
  ]);
  const node = await nodeAccess(flags);
  const { configuration, server } = await readSetting(command, flags.config);
  const kubectlFlags = { ...globalFlags(command), server };
  const kubeconfig = kubectlFlags.kubeconfig ?? configuredKubeconfig(configuration, flags.from);
  const apiServers = flags.from.length > 0 ? [] : await apiServerAddresses({ ...kubectlFlags, kubeconfig });
  return {
    source: { from: flags.from, kubectl: createKubectl({ ...kubectlFlags, kubeconfig }), namespace: flags.namespace },
    kubectlFlags: { ...kubectlFlags, kubeconfig },
    namespace: flags.namespace,
    allowEmpty: flags.allowEmpty ?? false,
    proxy: proxyOptions({ ...flags, apiServers }, configuration, defaultName),
    ...node,
    configuration,
  };
}

/**
 * Returns the kubeconfig that the configuration names.
 * @throws KproxyError configuration-invalid if it is needed and does not exist. The Pods of kube-proxy see other files.
 */
function configuredKubeconfig({ values, originOf }: Configuration, from: readonly string[]): string | undefined {
  const path = values['clientConnection.kubeconfig'];
  const origin = originOf('clientConnection.kubeconfig');
  if (origin.from === 'default') return undefined;
  if (from.length > 0 || existsSync(path)) return path;
  throw new KproxyError({
    code: 'configuration-invalid',
    message: `${origin.name}: there is no ${quotedIfHostile(path)} on this machine`,
    advice:
      "It may be a path in kube-proxy's Pod. Give a kubeconfig of this machine with --kubeconfig. Nothing was changed.",
  });
}

/** Returns the access to this machine's kernel for one command. */
export async function nodeAccess(flags: AccessFlags): Promise<Pick<NodeSetting, 'sudo' | 'access'>> {
  const { createThisNode } = await import('../run/this-node.js');
  const options = runOptions(flags);
  return { sudo: options.sudo, access: createThisNode(options) };
}
