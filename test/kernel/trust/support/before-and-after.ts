import type { ServiceDescription } from './services.js';
import { apiServer, services } from './shop.js';

const { web, shop, local } = services;
const names = (name: string, number: number, backends: readonly string[]): ServiceDescription => ({
  name,
  clusterIps: [`10.254.2.${number}`],
  ports: [{ protocol: 'udp', port: 53, nodePort: 30_100 + number }],
  backends,
});

/**
 * A cluster in which only UDP Services lose endpoints later. Connections over TCP are remembered for minutes, and their
 * real servers would have to drain.
 */
export const before: readonly ServiceDescription[] = [
  apiServer,
  web,
  shop,
  local,
  names('some-go', 1, ['near-1', 'near-2', 'far-1']),
  names('all-go', 2, ['near-1', 'far-1']),
  names('goes', 3, ['near-1']),
];
/** The same cluster later, with new, changed and removed Services. */
export const after: readonly ServiceDescription[] = [
  apiServer,
  { ...web, clusterIps: ['10.254.1.1'] },
  shop,
  { ...local, spec: { type: 'LoadBalancer', loadBalancerSourceRanges: ['192.168.33.0/24'] } },
  names('some-go', 1, ['far-1']),
  names('all-go', 2, ['near-2', 'far-2']),
  names('comes', 4, ['near-1', 'far-2']),
];
