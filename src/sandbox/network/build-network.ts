import { KproxyError } from '../../errors.js';
import type { RunningCommand, Sandbox } from '../sandbox.js';
import { type NetworkCommands, networkCommands, podsCommands } from './network-commands.js';
import { serverProgram } from './server-program.js';
import type { NodeMachine, Pod, ServedPort, Topology } from './topology.js';

interface Server {
  readonly name: string;
  readonly serves?: readonly ServedPort[];
}

/** Builds machines, pods and the network between them in the sandbox, and starts their servers, which answer when this resolves. */
export async function buildNetwork(sandbox: Sandbox, topology: Topology): Promise<void> {
  // The bridge settings are there only with this module, and nothing else loads it.
  await must(sandbox, ['modprobe', 'br_netfilter'], {});
  await apply(sandbox, networkCommands(topology));
  await startServers(sandbox, [...topology.nodes, ...topology.clients, ...topology.pods]);
}

/** Adds pods to nodes that were built before. Resolves to their servers' process, which ends with `kill()`. */
export async function addPods(
  sandbox: Sandbox,
  nodes: readonly NodeMachine[],
  pods: readonly Pod[],
): Promise<RunningCommand> {
  await apply(sandbox, podsCommands(nodes, pods));
  return startServers(sandbox, pods);
}

/** Serves on the given ports in the namespaces of that name. Resolves when they answer, to the process, which ends with `kill()`. */
export async function startServers(sandbox: Sandbox, servers: readonly Server[]): Promise<RunningCommand> {
  const input = servers
    .flatMap(({ name, serves = [] }) => serves.map(({ protocol, port }) => `${name} ${protocol} ${port}\n`))
    .join('');
  const command = sandbox.start(['perl', '-e', serverProgram], { input });
  await command.untilOutput(/ready/);
  return command;
}

async function apply(sandbox: Sandbox, commands: NetworkCommands): Promise<void> {
  await must(sandbox, ['ip', '-batch', '-'], { input: text(commands.cables) });
  await Promise.all(
    commands.settings.map(({ path, value, namespace }) => sandbox.writeFile(path, value, { namespace })),
  );
  for (const { namespace, lines } of commands.inside) {
    await must(sandbox, ['ip', '-batch', '-'], { input: text(lines), namespace });
  }
}

function text(list: readonly string[]): string {
  return list.map(line => `${line}\n`).join('');
}

async function must(sandbox: Sandbox, argv: readonly string[], options: { input?: string; namespace?: string }) {
  const { exitCode, stderr } = await sandbox.run(argv, options);
  if (exitCode === 0) return;
  throw new KproxyError({
    message: `the sandbox's network could not be built: ${argv.join(' ')} failed${inNamespace(options.namespace)}`,
    code: 'sandbox-failed',
    evidence: stderr.trim(),
  });
}

function inNamespace(name: string | undefined): string {
  return name ? ` in ${name}` : '';
}
