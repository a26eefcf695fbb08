import { noConnections, type VirtualServerAddress } from '../node/element.js';
import { ipvsDevice } from '../node/names.js';
import { singleClient } from '../node/tools/ipvsadm.js';
import type { Ask, Claim, ContributionContext } from './claim.js';
import type { Endpoint } from './endpoint.js';
import { schedulerOf } from './scheduler.js';
import type { ServicePort } from './service-port.js';

/** A virtual server at one of the Service port's addresses, with a real server for every endpoint. One without endpoints stays, so that clients are refused at once. */
export function virtualServerClaims(
  port: ServicePort,
  server: VirtualServerAddress,
  endpoints: readonly Endpoint[],
  { options }: ContributionContext,
  ask: Ask,
): readonly Claim[] {
  const { scheduler } = schedulerOf(port, options);
  const persistence =
    port.affinitySeconds === undefined
      ? undefined
      : { seconds: port.affinitySeconds, netmask: singleClient(server.address) };
  return [
    ask.element(
      { kind: 'virtual-server', ...server, scheduler: scheduler.name, flags: scheduler.flags, persistence },
      'nothing would balance what comes to this address and port',
    ),
    ...endpoints.map(endpoint => ask.element(realServer(server, endpoint), 'this endpoint would get no connection')),
  ];
}

const realServer = (server: VirtualServerAddress, { address, port }: Endpoint) =>
  ({
    kind: 'real-server',
    server,
    address,
    port,
    weight: 1,
    forwarding: 'masquerade',
    connections: noConnections,
  }) as const;

/** A VIP on the IPVS device, unless the address is one of the node's own: a second copy of that would cut the node off once it is removed. */
export function vipClaims(address: string, { facts, options }: ContributionContext, ask: Ask): readonly Claim[] {
  if (facts.localAddresses.some(local => local.address === address)) return [];
  const prefix = address.includes(':') ? 128 : 32;
  const bound = ask.element(
    { kind: 'address', link: ipvsDevice, address, prefix },
    'the kernel would route packets to the VIP away, and IPVS would never see them',
  );
  return options.profile === 'tutorial' ? [bound] : [bound, ask.entry('KUBE-IPVS-IPS', address)];
}
