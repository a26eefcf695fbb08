import { familyOf, hostPrefix } from '../net/address.js';
import type { RealServer, VirtualServer, VirtualServerAddress } from '../node/element.js';
import { addressKind } from '../node/kinds/address.js';
import { ipvsDevice } from '../node/names.js';
import { singleClient } from '../node/tools/ipvsadm.js';
import type { Claimer, NodeContext } from './claim.js';
import type { Endpoint } from './endpoint.js';
import type { Scheduler } from './options.js';
import { schedulerOf } from './scheduler.js';
import type { ServicePort } from './service-port.js';

/**
 * Claims a virtual server at one of a Service port's addresses, with a real server for each endpoint. A virtual server
 * without endpoints is claimed too, so that clients are refused at once.
 */
export function claimVirtualServer(
  port: ServicePort,
  server: VirtualServerAddress,
  endpoints: readonly Endpoint[],
  { options, missingSchedulers }: NodeContext,
  claimer: Claimer,
): void {
  claimer.element(
    virtualServer(port, server, schedulerOf(port, options, missingSchedulers).scheduler),
    'Without it the kernel would not balance packets to this address and port.',
  );
  endpoints.forEach(endpoint => {
    claimer.element(realServer(server, endpoint), 'Without it this endpoint would get no connections.');
  });
}

function virtualServer(
  servicePort: ServicePort,
  { protocol, address, port }: VirtualServerAddress,
  scheduler: Scheduler,
): VirtualServer {
  const seconds = servicePort.affinitySeconds;
  const persistence = seconds === undefined ? undefined : { seconds, netmask: singleClient(address) };
  return {
    kind: 'virtual-server',
    protocol,
    address,
    port,
    scheduler: scheduler.name,
    flags: scheduler.flags,
    persistence,
  };
}

const realServer = (server: VirtualServerAddress, { address, port }: Endpoint): RealServer => ({
  kind: 'real-server',
  server,
  address,
  port,
  weight: 1,
  forwarding: 'masquerade',
});

/**
 * Claims an external address or load balancer VIP on the IPVS device, unless the address is one of the node's own. As
 * in kube-proxy, that one is served where it is (kubernetes/kubernetes#114815).
 */
export function claimVip(address: string, node: NodeContext, claimer: Claimer): void {
  if (!node.localAddresses.has(address)) bindVip(address, node, claimer);
}

const vip = (address: string) =>
  ({ kind: 'address', link: ipvsDevice, address, prefix: hostPrefix(familyOf(address)) }) as const;

/** Returns the key of a VIP on the IPVS device. */
export const vipKey = (address: string): string => addressKind.key(vip(address));

/**
 * Claims a VIP on the IPVS device. A cluster IP is bound there even if another device has it too (NodeLocal DNSCache's
 * nodelocaldns, kube-router's kube-dummy-if): the kernel keeps the copies apart, and that device may go at any time.
 */
export function bindVip(address: string, { options }: NodeContext, claimer: Claimer): void {
  claimer.element(
    vip(address),
    'Without it the kernel would forward packets to the VIP elsewhere, and IPVS would never see them.',
  );
  if (options.profile !== 'tutorial') claimer.entry('KUBE-IPVS-IPS', address);
}
