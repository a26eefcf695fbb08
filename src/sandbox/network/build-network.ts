import { KproxyError } from '../../errors.js';
import type { RunningCommand, Sandbox } from '../sandbox.js';
import { machineCommands, nodeCommands, underlayCommands } from './machine-commands.js';
import { mergeCommands, type NetworkCommands } from './network-commands.js';
import { networkScript } from './network-script.js';
import { podBridgeCommands, podsCommands } from './pod-commands.js';
import { serverProgram } from './server-program.js';
import type { NodeMachine, Pod, ServedPort, Topology } from './topology.js';

interface Server {
  readonly name: string;
  readonly serves?: readonly ServedPort[];
}

/** Builds machines, Pods and the network between them in the sandbox. Resolves once their servers answer. */
export async function buildNetwork(sandbox: Sandbox, topology: Topology): Promise<void> {
  // This module provides the bridge settings, and nothing else loads it.
  await runScript(sandbox, `modprobe br_netfilter || exit\n${networkScript(networkCommands(topology))}`);
  const servers = [...topology.nodes, ...topology.clients, ...topology.pods];
  if (servers.some(({ serves = [] }) => serves.length > 0)) await startServers(sandbox, servers);
}

/** Adds Pods to existing nodes. Resolves to the process of their servers, which `kill()` ends. */
export async function addPods(
  sandbox: Sandbox,
  nodes: readonly NodeMachine[],
  pods: readonly Pod[],
): Promise<RunningCommand> {
  await runScript(sandbox, networkScript(podsCommands(nodes, pods)));
  return startServers(sandbox, pods);
}

/**
 * Serves on the given ports in the namespaces of the given names. Resolves once the servers answer, to their process,
 * which `kill()` ends.
 */
export async function startServers(sandbox: Sandbox, servers: readonly Server[]): Promise<RunningCommand> {
  const input = servers
    .flatMap(({ name, serves = [] }) => serves.map(({ protocol, port }) => `${name} ${protocol} ${port}\n`))
    .join('');
  const command = sandbox.start(['perl', '-e', serverProgram], { input });
  await command.untilOutput(/ready/);
  return command;
}

/** Returns what builds the machines, the network between them, and their Pods. */
function networkCommands({ nodes, clients, pods }: Topology): NetworkCommands {
  return mergeCommands([
    underlayCommands([...nodes, ...clients]),
    ...nodes.map(node => nodeCommands(node, nodes)),
    ...clients.map(client => machineCommands(client)),
    ...nodes.filter(node => node.podBridge.length > 0).map(podBridgeCommands),
    podsCommands(nodes, pods),
  ]);
}

/** @throws KproxyError sandbox-failed if the script fails */
async function runScript(sandbox: Sandbox, script: string): Promise<void> {
  const { exitCode, stderr, timedOut } = await sandbox.run(['sh', '-c', script]);
  if (exitCode === 0) return;
  throw new KproxyError({
    message: "the sandbox's network could not be built",
    code: 'sandbox-failed',
    evidence: timedOut ? 'The time limit was exceeded.' : stderr.trim(),
  });
}
