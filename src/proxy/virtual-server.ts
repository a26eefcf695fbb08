import { noConnections, type VirtualServerAddress } from '../node/element.js';
import { ipvsDevice } from '../node/names.js';
import { singleClient } from '../node/tools/ipvsadm.js';
import { virtualServerText } from '../node/tools/text.js';
import { type Claim, type ContributionContext, endpointText, entryClaim } from './claim.js';
import type { Endpoint } from './endpoint.js';
import { schedulerOf } from './scheduler.js';
import type { ServicePort } from './service-port.js';

/** A virtual server at one of the Service port's addresses, with a real server for every endpoint. One without endpoints stays, so that clients are refused at once. */
export function virtualServerClaims(
  port: ServicePort,
  server: VirtualServerAddress,
  endpoints: readonly Endpoint[],
  { options }: ContributionContext,
): readonly Claim[] {
  const { scheduler } = schedulerOf(port, options);
  const persistence =
    port.affinitySeconds === undefined
      ? undefined
      : { seconds: port.affinitySeconds, netmask: singleClient(server.address) };
  return [
    {
      element: { kind: 'virtual-server', ...server, scheduler: scheduler.name, flags: scheduler.flags, persistence },
      why: `nothing would balance what comes to ${virtualServerText(server)}`,
    },
    ...endpoints.map(
      (endpoint): Claim => ({
        element: {
          kind: 'real-server',
          server,
          address: endpoint.address,
          port: endpoint.port,
          weight: 1,
          forwarding: 'masquerade',
          connections: noConnections,
        },
        why: `the endpoint ${endpointText(endpoint)} would get no connection`,
      }),
    ),
  ];
}

/** A VIP on the IPVS device, unless the address is one of the node's own: a second copy of that would cut the node off once it is removed. */
export function vipClaims(
  port: ServicePort,
  address: string,
  { facts, options }: ContributionContext,
): readonly Claim[] {
  if (facts.localAddresses.some(local => local.address === address)) return [];
  const prefix = address.includes(':') ? 128 : 32;
  const bound: Claim = {
    element: { kind: 'address', link: ipvsDevice, address, prefix },
    why: 'the kernel would route packets to the VIP away, and IPVS would never see them',
  };
  return options.profile === 'tutorial' ? [bound] : [bound, entryClaim('KUBE-IPVS-IPS', port.family, address)];
}
