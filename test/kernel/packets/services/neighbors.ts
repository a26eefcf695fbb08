import { withoutPrefixLength } from '../../../../src/sandbox/network/devices.js';
import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import { output, outputs } from '../../support/guest.js';
import { topology } from './network.js';

/** A device with addresses, and the network that it is on. */
interface Device {
  readonly machine: string;
  readonly name: string;
  readonly addresses: readonly string[];
  readonly network: string;
}

const { nodes, pods, clients } = topology;

/** Every bridge is a network, and so is what joins the machines. */
const devices: readonly Device[] = [
  ...[...nodes, ...clients].map(({ name, addresses }) => ({ machine: name, name: 'eth0', addresses, network: '' })),
  ...nodes.map(({ name, podBridge }) => ({ machine: name, name: 'cni0', addresses: podBridge, network: name })),
  ...pods.map(({ name, node, addresses }) => ({ machine: name, name: 'eth0', addresses, network: node })),
];

/**
 * Makes the neighbors of all machines and Pods known for good. Over IPv6, they look for each other with packets that
 * pass the rules. If a rule or the policy DROP stops these, a client that has not been heard of for some seconds gets
 * no answer, which has nothing to do with Services.
 */
export async function keepNeighbors(sandbox: Sandbox): Promise<void> {
  const shown = await outputs(
    sandbox,
    devices.map(({ machine, name }) => `ip -n ${machine} -o link show dev ${name}`),
  );
  const known = devices.map((device, index) => ({
    ...device,
    hardware: /link\/ether (\S+)/.exec(shown[index] ?? '')?.[1] ?? '',
  }));
  const commands = known.flatMap(({ machine, name, network }) => {
    const others = known.filter(other => other.network === network && other.machine !== machine);
    const lines = others.flatMap(({ addresses, hardware }) =>
      addresses.map(
        address => `neigh replace ${withoutPrefixLength(address)} dev ${name} lladdr ${hardware} nud permanent`,
      ),
    );
    return [`ip -n ${machine} -batch - <<'END'`, ...lines, 'END'];
  });
  await output(sandbox, ['sh', '-eu'], { input: commands.map(line => `${line}\n`).join('') });
}
