import type { Kubectl } from '../cluster/kubectl-command.js';
import type { NodeAccess } from '../node/access.js';
import { hasIpv6, supportInKernel } from '../node/served-families.js';
import type { Facts } from './facts.js';
import { readClusterFacts } from './read/cluster.js';
import { readCapabilities, readDevices, readModules, readParameters } from './read/kernel.js';
import { readMachine } from './read/machine.js';
import { readRuleFact } from './read/rules.js';
import { readTools } from './read/tools.js';
import { readTrials } from './read/trials.js';
import { isSudoUsable } from './rights.js';
import type { Surroundings } from './surroundings.js';
import { trialsFor } from './trials.js';

export interface FactSources {
  readonly node: NodeAccess;
  /** The same node, without sudo. */
  readonly nodeWithoutSudo: NodeAccess;
  readonly kubectl: Kubectl;
  readonly surroundings: Surroundings;
  readonly nodeName: string;
  /** True if tools run through sudo. */
  readonly sudo: boolean;
}

/** Reads everything that the checks need. What cannot be read is a fact too. Nothing on the node is changed. */
export async function readFacts({ kubectl, surroundings, nodeName, sudo, ...nodes }: FactSources): Promise<Facts> {
  const cluster = readClusterFacts(kubectl, { nodeName, now: () => surroundings.now() });
  // The first question of sudo would hide behind those of other tools.
  const sudoState = sudo ? await surroundings.sudoState() : undefined;
  const { canAnswer } = surroundings;
  const permissions = { sudo: sudoState, canAnswer };
  // Some of what root may read every user may read too.
  const node = isSudoUsable(permissions) ? nodes.node : nodes.nodeWithoutSudo;
  const proxies = surroundings.proxies();
  const [rules, hasFamily] = await Promise.all([readRuleFact(node), hasIpv6(node)]);
  const [unserved] = (await supportInKernel(node)).unserved;
  const isNft = rules.is === 'read' && rules.backend === 'nft';
  const parameters = await readParameters(node);
  const trials = trialsFor({
    backend: node.chosenBackend ?? 'default',
    isNft,
    hasIpv6: hasFamily,
    hasBridgeFilter: parameters.values.has('net/bridge/bridge-nf-call-iptables'),
  });
  const [machine, capabilities, tools, tried, modules, devices, kubeProxyMode] = await Promise.all([
    readMachine(node, surroundings),
    readCapabilities(node),
    readTools(node),
    readTrials(node, trials, surroundings.toolFolders),
    readModules(node),
    readDevices(node),
    proxies.some(({ name }) => name === 'kube-proxy') ? surroundings.kubeProxyMode() : undefined,
  ]);
  return {
    machine,
    permissions: { ...permissions, capabilities },
    tools,
    rules,
    trials: tried,
    modules,
    parameters,
    ipv6Lacks: unserved?.reason,
    devices,
    proxies,
    kubeProxyMode,
    folders: surroundings.folders(),
    cluster: await cluster,
    now: surroundings.now(),
  };
}
