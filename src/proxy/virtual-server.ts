import { noConnections, type VirtualServerAddress } from '../node/element.js';
import { ipvsDevice } from '../node/names.js';
import { singleClient } from '../node/tools/ipvsadm.js';
import type { Ask, NodeContext } from './claim.js';
import type { Endpoint } from './endpoint.js';
import type { ProxyOptions } from './options.js';
import { schedulerOf } from './scheduler.js';
import type { ServicePort } from './service-port.js';

/** A virtual server at one of the Service port's addresses, with a real server for every endpoint. One without endpoints stays, so that clients are refused at once. */
export function askForVirtualServer(
  port: ServicePort,
  server: VirtualServerAddress,
  endpoints: readonly Endpoint[],
  { options }: NodeContext,
  ask: Ask,
): void {
  ask.element(virtualServer(port, server, options), 'nothing would balance what comes to this address and port');
  endpoints.forEach(endpoint => {
    ask.element(realServer(server, endpoint), 'this endpoint would get no connection');
  });
}

function virtualServer(
  servicePort: ServicePort,
  { protocol, address, port }: VirtualServerAddress,
  options: ProxyOptions,
) {
  const { scheduler } = schedulerOf(servicePort, options);
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
  } as const;
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
export function askForVip(address: string, { localAddresses, options }: NodeContext, ask: Ask): void {
  if (localAddresses.has(address)) return;
  const prefix = address.includes(':') ? 128 : 32;
  ask.element(
    { kind: 'address', link: ipvsDevice, address, prefix },
    'the kernel would route packets to the VIP away, and IPVS would never see them',
  );
  if (options.profile !== 'tutorial') ask.entry('KUBE-IPVS-IPS', address);
}
