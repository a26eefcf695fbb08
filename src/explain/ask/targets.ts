import { namespacedName } from '../../cluster/names.js';
import type { Service } from '../../cluster/schema/service.js';
import { KproxyError } from '../../errors.js';
import { type Family, families, familyOf } from '../../net/address.js';
import { type Protocol, protocols } from '../../net/protocol.js';
import type { VirtualServerAddress } from '../../node/element.js';
import { unservedFamilies } from '../../node/facts.js';
import { whyUnusableOn } from '../../proxy/address-filter.js';
import { nodeAddresses, nodePortAddresses } from '../../proxy/node-addresses.js';
import { isProxied, missingPart, type ServicePort, servicePorts } from '../../proxy/service-port.js';
import type { Target } from '../explanation.js';
import type { Asked } from './asked.js';
import { findService, requirePorts } from './find-service.js';
import type { World } from './world.js';

/** One address and port that packets are sent to, in one protocol. */
export interface AskedTarget {
  readonly target: Target;
  readonly family: Family;
  readonly protocol: Protocol;
  /** The Service port that has the address. Undefined for an address that no Service has. */
  readonly port: ServicePort | undefined;
}

/**
 * Returns everything that was asked about: each port of a Service at each of its addresses, or one address in each
 * protocol in which something is there.
 * @param protocol the only protocol, if the user chose one
 * @throws KproxyError `service-missing` or `port-missing`
 */
export function targetsOf(asked: Asked, world: World, protocol?: Protocol): readonly AskedTarget[] {
  if (asked.kind === 'service') return targetsOfService(asked, world, protocol);
  const found = targetsOfCluster(asked, world).filter(one => protocol === undefined || one.protocol === protocol);
  return found.length > 0 ? found : targetsWithoutService(asked, world, protocol);
}

type AskedPlace = Exclude<Asked, { kind: 'service' }>;

function targetsOfService(
  asked: Extract<Asked, { kind: 'service' }>,
  world: World,
  protocol: Protocol | undefined,
): readonly AskedTarget[] {
  const service = findService(asked, world.cluster);
  const name = namespacedName(service.metadata);
  const ports = portsOn(world)(service);
  if (ports.length === 0) throw notServed(name, whyNotServed(service));
  return requirePorts(asked, protocol, name, ports).flatMap(port =>
    targetsOfPort(port, world, firstNodePortAddress(world, port.family)),
  );
}

/** Returns the function that finds a Service's ports in the families that the node serves. */
function portsOn({ facts }: World): (service: Service) => readonly ServicePort[] {
  const unserved = unservedFamilies(facts);
  const filter = { whyUnusable: whyUnusableOn(facts), report: () => {} };
  return service => servicePorts(service, filter).filter(({ family }) => !unserved.has(family));
}

function whyNotServed(service: Service): string {
  if (service.spec.type === 'ExternalName') return 'It has type ExternalName: DNS alone resolves it.';
  if (service.spec.clusterIP === 'None') return 'It is headless: clients connect to its Pods directly.';
  const missing = missingPart(service);
  if (missing !== undefined) return missing;
  return isProxied(service)
    ? 'This node cannot serve the families of its cluster IPs.'
    : 'Its labels leave it to another proxy.';
}

const notServed = (name: string, why: string): KproxyError =>
  new KproxyError({
    code: 'service-missing',
    message: `nodes do not serve the Service ${name}`,
    evidence: why,
    advice: 'Give the ADDRESS:PORT that the client connects to.',
  });

/** The tutorial profile serves cluster IPs only. */
function targetsOfPort(port: ServicePort, { proxy }: World, nodePortsAt: readonly string[]): readonly AskedTarget[] {
  const target =
    (kind: Target['kind']) =>
    (address: string): AskedTarget => ({
      target: { address, port: kind === 'node port' ? port.nodePort : port.port, servicePort: port.id, kind },
      family: port.family,
      protocol: port.protocol,
      port,
    });
  const clusterIps = (port.clusterIp === undefined ? [] : [port.clusterIp]).map(target('cluster IP'));
  if (proxy.profile === 'tutorial') return clusterIps;
  return [
    ...clusterIps,
    ...(proxy.servesExternalIps ? port.externalIps.map(target('external IP')) : []),
    ...port.loadBalancerIps.map(target('load balancer')),
    ...(port.nodePort === 0 ? [] : nodePortsAt).map(target('node port')),
  ];
}

/** Returns the targets of all Services at an address and port, or those at a node port. */
function targetsOfCluster(asked: AskedPlace, world: World): readonly AskedTarget[] {
  const at = new Map(families.map(family => [family, nodePortAddressesToAsk(asked, world, family)]));
  return world.cluster.services
    .filter(({ spec }) => spec.ports?.some(({ port, nodePort }) => port === asked.port || nodePort === asked.port))
    .flatMap(portsOn(world))
    .filter(({ port, nodePort }) => port === asked.port || nodePort === asked.port)
    .flatMap(port => targetsOfPort(port, world, at.get(port.family) ?? []))
    .filter(
      ({ target }) =>
        target.port === asked.port &&
        (asked.kind === 'address' ? target.address === asked.address : target.kind === 'node port'),
    );
}

const nodePortAddressesToAsk = (asked: AskedPlace, world: World, family: Family): readonly string[] =>
  asked.kind === 'address' ? servedNodePortAddresses(world, family) : firstNodePortAddress(world, family);

const primaryAddresses = ({ cluster, facts, proxy }: World, family: Family): readonly string[] =>
  nodeAddresses(cluster, facts, proxy, family);

const servedNodePortAddresses = (world: World, family: Family): readonly string[] =>
  nodePortAddresses(world.proxy, world.facts, family, primaryAddresses(world, family));

/** Returns the node's first address of a family that node ports are served on, or nothing if there is none. */
function firstNodePortAddress(world: World, family: Family): readonly string[] {
  const served = servedNodePortAddresses(world, family);
  const primary = primaryAddresses(world, family).find(address => served.includes(address));
  return primary === undefined ? served.slice(0, 1) : [primary];
}

/** Returns the targets at an address that no Service has, in the protocols of its virtual servers, or in TCP. */
function targetsWithoutService(
  asked: AskedPlace,
  world: World,
  protocol: Protocol | undefined,
): readonly AskedTarget[] {
  const addresses =
    asked.kind === 'address' ? [asked.address] : families.flatMap(family => firstNodePortAddress(world, family));
  const all = addresses.flatMap(address => {
    const present = protocols.filter(one => hasServer(world, { protocol: one, address, port: asked.port }));
    return (protocol === undefined ? present : [protocol]).map(one => withoutService(address, asked.port, one));
  });
  return all.length > 0 ? all : addresses.slice(0, 1).map(address => withoutService(address, asked.port, 'TCP'));
}

const hasServer = ({ datapath }: World, { protocol, address, port }: VirtualServerAddress): boolean =>
  datapath.virtualServers.some(
    ({ server }) => server.protocol === protocol && server.address === address && server.port === port,
  );

const withoutService = (address: string, port: number, protocol: Protocol): AskedTarget => ({
  target: { address, port, servicePort: undefined, kind: 'address' },
  family: familyOf(address),
  protocol,
  port: undefined,
});
