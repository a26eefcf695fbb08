import type { VirtualServerAddress } from '../element.js';

/** `10.0.0.1:80`, `[fd00::1]:80`. */
export const addressAndPort = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/** `TCP 10.0.0.1:80`, as kube-proxy and ipvsadm's listings name a virtual server. */
export const virtualServerText = (server: VirtualServerAddress): string =>
  `${server.protocol} ${addressAndPort(server.address, server.port)}`;
