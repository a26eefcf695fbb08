import { KproxyError } from '../../errors.js';
import type { RunningCommand, Sandbox } from '../sandbox.js';
import { machineCommands, nodeCommands, underlayCommands } from './machine-commands.js';
import { mergeCommands, type NetworkCommands } from './network-commands.js';
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
  await runOrThrow(sandbox, ['modprobe', 'br_netfilter'], {});
  await apply(sandbox, networkCommands(topology));
  await startServers(sandbox, [...topology.nodes, ...topology.clients, ...topology.pods]);
}

/** Adds Pods to existing nodes. Resolves to the process of their servers, which `kill()` ends. */
export async function addPods(
  sandbox: Sandbox,
  nodes: readonly NodeMachine[],
  pods: readonly Pod[],
): Promise<RunningCommand> {
  await apply(sandbox, podsCommands(nodes, pods));
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

async function apply(sandbox: Sandbox, commands: NetworkCommands): Promise<void> {
  await runOrThrow(sandbox, ['ip', '-batch', '-'], { input: linesText(commands.cables) });
  await Promise.all(
    commands.settings.map(({ path, value, namespace }) => sandbox.writeFile(path, value, { namespace })),
  );
  for (const { namespace, lines } of commands.inside) {
    await runOrThrow(sandbox, ['ip', '-batch', '-'], { input: linesText(lines), namespace });
  }
}

function linesText(lines: readonly string[]): string {
  return lines.map(line => `${line}\n`).join('');
}

/** @throws KproxyError sandbox-failed if the command fails */
async function runOrThrow(
  sandbox: Sandbox,
  argv: readonly string[],
  options: { readonly input?: string; readonly namespace?: string },
): Promise<void> {
  const { exitCode, stderr, timedOut } = await sandbox.run(argv, options);
  if (exitCode === 0) return;
  throw new KproxyError({
    message: `the sandbox's network could not be built: ${argv.join(' ')} failed${inNamespace(options.namespace)}`,
    code: 'sandbox-failed',
    evidence: timedOut ? 'The time limit was exceeded.' : stderr.trim(),
  });
}

function inNamespace(name: string | undefined): string {
  return name ? ` in ${name}` : '';
}
