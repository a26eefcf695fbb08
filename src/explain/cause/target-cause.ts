import { quotedIfHostile } from '../../cluster/problems.js';
import { virtualServerKey } from '../../node/kinds/virtual-server.js';
import { ipvsDevice } from '../../node/names.js';
import { type ServicePort, servicePorts } from '../../proxy/service-port.js';
import { similarNames } from '../../similar-names.js';
import { someText } from '../../text.js';
import type { Cause } from '../explanation.js';
import type { Blame } from '../trace/trace.js';
import { badEnd } from '../trace/trace-ends.js';
import { blameText, wholeText } from './blame-text.js';
import type { CauseInput, FlowResult } from './cause-input.js';
import { isOwnRule } from './deciding-rule.js';

/**
 * Returns the cause of a flow to an address or port that no Service has, with what the Services have instead. Returns
 * undefined if a Service has it, or if other software keeps the packet from an address that is no Service's.
 */
export function targetCause(input: CauseInput, then: FlowResult): Cause | undefined {
  const { target, protocol, desired } = input;
  const { address, port, servicePort } = target;
  if (servicePort !== undefined || desired.state.has(virtualServerKey({ protocol, address, port }))) return undefined;
  const ports = portsOf(input);
  const blame = badEnd(then.trace, then.verdict)?.blame;
  const owners = ports.filter(one => one.addresses.has(address));
  if (owners.length === 0 && blame !== undefined && isOfOthers(blame)) return undefined;
  return {
    ...missing(input, ports, owners),
    why: blame === undefined ? undefined : wholeText(blameText(blame)),
    blame: blame ?? { part: 'unknown', why: 'no Service has the target' },
    commands: [],
  };
}

/** Returns true for what ends packets' ways whether there is a Service or not. */
const isOfOthers = (blame: Blame): boolean => {
  if (blame.part === 'rule') return !isOwnRule(blame);
  return blame.part === 'policy' || blame.part === 'sysctl' || blame.part === 'link';
};

/** A Service port with its addresses, except the node's own that its node port is served on. */
interface AddressedPort {
  readonly port: ServicePort;
  readonly addresses: ReadonlyMap<string, string>;
}

const portsOf = ({ cluster, family }: CauseInput): readonly AddressedPort[] =>
  cluster.services
    .flatMap(service => servicePorts(service))
    .filter(port => port.family === family)
    .map(port => ({
      port,
      addresses: new Map([
        ...port.loadBalancerIps.map(address => [address, 'a load balancer IP'] as const),
        ...port.externalIps.map(address => [address, 'an external IP'] as const),
        ...(port.clusterIp === undefined ? [] : [[port.clusterIp, 'the cluster IP'] as const]),
      ]),
    }));

const mostSimilar = 3;

type Missing = Pick<Cause, 'summary' | 'nearMisses'>;

function missing(input: CauseInput, ports: readonly AddressedPort[], owners: readonly AddressedPort[]): Missing {
  const { target, protocol } = input;
  const { address, port } = target;
  if (owners.length > 0)
    return {
      summary: `No Service has the port ${protocol} ${port} at ${address}.`,
      nearMisses: owners.map(owner => ownerText(owner, address)),
    };
  if (isOfNode(input))
    return { summary: `No Service has the node port ${protocol} ${port}.`, nearMisses: nodePortsNear(input, ports) };
  const all = new Map(
    ports.flatMap(one => Array.from(one.addresses, ([known, kind]) => [known, { one, kind }] as const)),
  );
  return {
    summary: `No Service has the address ${address}.`,
    nearMisses: similarNames(address, all.keys())
      .slice(0, mostSimilar)
      .map(known => {
        const owner = all.get(known);
        return `${known} is ${owner?.kind} of ${owner?.one.port.id}.`;
      }),
  };
}

const ownerText = ({ port, addresses }: AddressedPort, address: string): string =>
  quotedIfHostile(`${address} is ${addresses.get(address)} of ${port.id}, which has ${port.protocol} ${port.port}.`);

const isOfNode = ({ datapath, target }: CauseInput): boolean =>
  datapath.links.some(
    ({ name, addresses }) => name !== ipvsDevice && addresses.some(({ address }) => address === target.address),
  );

/** Returns the node ports of Services that have the target's port in another role, or with another protocol. */
function nodePortsNear({ target }: CauseInput, ports: readonly AddressedPort[]): readonly string[] {
  const withNodePort = ports.map(({ port }) => port).filter(({ nodePort }) => nodePort !== 0);
  const near = withNodePort.filter(({ port, nodePort }) => port === target.port || nodePort === target.port);
  if (near.length > 0)
    return near.map(({ id, protocol, nodePort }) => `The node port of ${id} is ${protocol} ${nodePort}.`);
  const known = withNodePort.map(({ id, protocol, nodePort }) => `${protocol} ${nodePort} (${id})`);
  return known.length === 0 ? [] : [`Node ports are ${someText(known)}.`];
}
