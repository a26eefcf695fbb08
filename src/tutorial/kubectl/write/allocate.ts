import { isIPv4 } from 'node:net';
import { invalid } from '../failure.js';
import type { KubeObject } from '../objects/object.js';
import { hasNodePorts, isExternalName, type ServicePort, type ServiceSpec, serviceOf } from '../objects/service.js';

/** The range of the chapter's Services. */
const range = { network: '10.254.', text: '10.254.0.0/16' };
const nodePorts = { first: 30_000, last: 32_767 };

/**
 * Returns the spec with a cluster IP and with node ports where it has none and needs some.
 * @param others the cluster's other Services
 * @throws ServerError if a wanted address or port is taken or outside of its range
 */
export function allocate(
  name: string,
  spec: ServiceSpec,
  others: readonly KubeObject[],
  old?: ServiceSpec,
): ServiceSpec {
  const specs = others.map(other => serviceOf(other).spec);
  const withAddress = isExternalName(spec) ? spec : allocateAddress(name, spec, specs, old);
  return hasNodePorts(withAddress) ? allocateNodePorts(name, withAddress, specs) : withAddress;
}

function allocateAddress(
  name: string,
  spec: ServiceSpec,
  others: readonly ServiceSpec[],
  old: ServiceSpec | undefined,
): ServiceSpec {
  const taken = new Set(others.map(({ clusterIP }) => clusterIP));
  const { clusterIP } = spec;
  if (clusterIP === undefined) {
    const free = freeAddress(name, taken);
    return { ...spec, clusterIP: free, clusterIPs: [free] };
  }
  // What is no address, or may not change, is found by the checks that follow.
  if (clusterIP === 'None' || old?.clusterIP !== undefined || !isIPv4(clusterIP)) return spec;
  const refuse = (why: string) =>
    invalid('Service', name, [
      `spec.clusterIPs: Invalid value: ${JSON.stringify([clusterIP])}: failed to allocate IP ${clusterIP}: ${why}`,
    ]);
  if (!clusterIP.startsWith(range.network)) throw refuse('the provided network does not match the current range');
  if (taken.has(clusterIP)) throw refuse('provided IP is already allocated');
  return spec;
}

/**
 * Chooses by the name, so that a lesson that is played again has the same addresses. Leaves the lower half to those who
 * choose themselves, as Kubernetes does.
 */
function freeAddress(name: string, taken: ReadonlySet<string | undefined>): string {
  const start = hashOf(name);
  for (let step = 0; step < 0x8000; step++) {
    const number = 0x8000 + ((start + step) % 0x8000);
    const address = `${range.network}${number >> 8}.${number & 0xff}`;
    const isUsable = (number & 0xff) !== 0 && (number & 0xff) !== 0xff;
    if (isUsable && !taken.has(address)) return address;
  }
  throw invalid('Service', name, [`spec.clusterIPs: Internal error: the range ${range.text} is full`]);
}

const hashOf = (text: string): number =>
  [...text].reduce((hash, character) => (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0, 7);

function allocateNodePorts(name: string, spec: ServiceSpec, others: readonly ServiceSpec[]): ServiceSpec {
  const taken = new Set(others.flatMap(({ ports = [] }) => ports.map(({ nodePort }) => nodePort)));
  const ports = (spec.ports ?? []).map((port, index): ServicePort => {
    const nodePort = port.nodePort ?? freePort(`${name}/${port.port}`, taken);
    const problem = nodePortProblem(nodePort, taken);
    if (problem !== undefined)
      throw invalid('Service', name, [`spec.ports[${index}].nodePort: Invalid value: ${nodePort}: ${problem}`]);
    taken.add(nodePort);
    return { ...port, nodePort };
  });
  return { ...spec, ...(spec.ports === undefined ? {} : { ports }) };
}

function nodePortProblem(port: number, taken: ReadonlySet<number | undefined>): string | undefined {
  if (port < nodePorts.first || port > nodePorts.last)
    return `provided port is not in the valid range. The range of valid ports is ${nodePorts.first}-${nodePorts.last}`;
  return taken.has(port) ? 'provided port is already allocated' : undefined;
}

function freePort(name: string, taken: ReadonlySet<number | undefined>): number {
  const count = nodePorts.last - nodePorts.first + 1;
  const start = hashOf(name);
  for (let step = 0; step < count; step++) {
    const port = nodePorts.first + ((start + step) % count);
    if (!taken.has(port)) return port;
  }
  return nodePorts.first;
}
