import type { Topology } from '../../sandbox/network/topology.js';
import { tutorialTopology } from '../../sandbox/network/tutorial-topology.js';
import type { WebServer } from './guest/web-program.js';

const warehouse = {
  name: 'warehouse',
  addresses: ['192.168.33.50/24'],
  // So that Pods, which keep their own address, get its answers.
  routes: [
    { to: '10.244.1.0/24', via: '192.168.33.11' },
    { to: '10.244.2.0/24', via: '192.168.33.12' },
  ],
};

/** The tutorial's machines and Pods, and `warehouse` outside the cluster. Their servers are started one by one. */
export const labTopology: Topology = {
  ...tutorialTopology,
  pods: tutorialTopology.pods.map(({ name, node, addresses }) => ({ name, node, addresses })),
  clients: [warehouse],
};

export const labServers: readonly WebServer[] = [
  ...tutorialTopology.pods.flatMap(({ name, serves = [] }) => serves.map(({ port }) => ({ name, port }))),
  { name: warehouse.name, port: 8080 },
];
