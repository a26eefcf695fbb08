import type { ServedPort, Topology } from './topology.js';

const web: readonly ServedPort[] = [{ protocol: 'tcp', port: 8080 }];

/** The Service of the tutorial. */
export const tutorialService = {
  virtualAddress: '10.254.10.128',
  port: 80,
  targetPort: 8080,
  endpoints: ['10.244.2.2', '10.244.1.3'],
} as const;

/**
 * The cluster of the tutorial: a master and two workers with a web server each. The Pod `client-inajob` is a client.
 */
export const tutorialTopology: Topology = {
  nodes: [
    { name: 'master', addresses: ['192.168.33.10/24', 'fd00:192:168:33::10/64'], podBridge: [] },
    {
      name: 'inajob',
      addresses: ['192.168.33.11/24', 'fd00:192:168:33::11/64'],
      podBridge: ['10.244.1.1/24', 'fd00:244:1::1/64'],
    },
    {
      name: 'yuanying',
      addresses: ['192.168.33.12/24', 'fd00:192:168:33::12/64'],
      podBridge: ['10.244.2.1/24', 'fd00:244:2::1/64'],
    },
  ],
  pods: [
    { name: 'web-yuanying', node: 'yuanying', addresses: ['10.244.2.2/24', 'fd00:244:2::2/64'], serves: web },
    { name: 'web-inajob', node: 'inajob', addresses: ['10.244.1.3/24', 'fd00:244:1::3/64'], serves: web },
    { name: 'client-inajob', node: 'inajob', addresses: ['10.244.1.9/24', 'fd00:244:1::9/64'] },
  ],
  clients: [],
};
