import type { Topology } from '../../../../src/sandbox/network/topology.js';
import { tutorialService, tutorialTopology } from '../../../../src/sandbox/network/tutorial-topology.js';
import type { Flow, Tally } from './table.js';

export const vip = tutorialService.virtualAddress;

/** The tutorial's network, with a server on inajob itself, and a machine that routes the VIP to inajob. */
export const topology: Topology = {
  ...tutorialTopology,
  nodes: tutorialTopology.nodes.map(node =>
    node.name === 'inajob' ? { ...node, serves: [{ protocol: 'tcp', port: 9100 }] } : node,
  ),
  clients: [{ name: 'outside', addresses: ['192.168.33.99/24'], routes: [{ to: vip, via: '192.168.33.11' }] }],
};

const flow = (from: string, port: number = tutorialService.port): Flow => ({
  name: port === tutorialService.port ? from : `${from} to port ${port}`,
  from,
  address: vip,
  port,
  timeoutMilliseconds: 250,
});

/** The clients whose Service packets inajob's IPVS balances. */
export const inajobClients = ['inajob', 'client-inajob', 'web-inajob', 'outside'];

/** The flows of all clients. Those that share a node's round robin follow each other. */
export const flows: readonly Flow[] = [
  ...inajobClients.map(client => flow(client)),
  flow('client-inajob', 9100),
  flow('yuanying'),
  flow('web-yuanying'),
  flow('master'),
];

/** What two requests of each flow get. */
export type Outcomes = Readonly<Record<string, readonly [string, string]>>;

/** Returns outcomes in which both requests of each of these flows get the same. */
export const both = (names: readonly string[], outcome: string): Outcomes =>
  Object.fromEntries(names.map(name => [name, [outcome, outcome]]));

export const allAreServed: Outcomes = {
  inajob: ['web-inajob saw 10.244.1.1', 'web-yuanying saw 192.168.33.11'],
  'client-inajob': ['web-inajob saw 10.244.1.9', 'web-yuanying saw 10.244.1.9'],
  'web-inajob': ['web-inajob saw 10.244.1.1', 'web-yuanying saw 10.244.1.3'],
  outside: ['web-inajob saw 10.244.1.1', 'web-yuanying saw 192.168.33.11'],
  'client-inajob to port 9100': ['refused', 'refused'],
  yuanying: ['web-inajob saw 192.168.33.12', 'web-yuanying saw 10.244.2.1'],
  'web-yuanying': ['web-inajob saw 10.244.2.2', 'web-yuanying saw 10.244.2.1'],
  master: ['unreachable', 'unreachable'],
};

/** The tutorial has no hairpin, and does not close the VIP's other ports. */
export const servedByTutorial: Outcomes = {
  ...allAreServed,
  'web-inajob': ['timeout', 'web-yuanying saw 10.244.1.3'],
  'client-inajob to port 9100': ['inajob saw 10.244.1.9', 'inajob saw 10.244.1.9'],
  'web-yuanying': ['timeout', 'web-inajob saw 10.244.2.2'],
};

/** Returns the tally of these two requests, repeated `rounds` times. */
export function times(rounds: number, outcomes: Outcomes): Record<string, Tally> {
  const counted = ([one, other]: readonly [string, string]) =>
    one === other ? { [one]: 2 * rounds } : { [one]: rounds, [other]: rounds };
  return Object.fromEntries(Object.entries(outcomes).map(([name, outcome]) => [name, counted(outcome)]));
}
