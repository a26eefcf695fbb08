import type { Topology } from '../../../../src/sandbox/network/topology.js';
import { tutorialService, tutorialTopology } from '../../../../src/sandbox/network/tutorial-topology.js';
import type { Flow, Tally } from './table.js';

export const vip = tutorialService.virtualAddress;

/** The chapter's network, a server on inajob itself, and a machine that sends what is for the VIP to inajob. */
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

/** Whose Service packets inajob's IPVS takes. */
export const inajobClients = ['inajob', 'client-inajob', 'web-inajob', 'outside'];

/** Everybody; those who share a node's round robin stand together. */
export const flows: readonly Flow[] = [
  ...inajobClients.map(client => flow(client)),
  flow('client-inajob', 9100),
  flow('yuanying'),
  flow('web-yuanying'),
  flow('master'),
];

/** What two requests of each flow get. */
export type Outcomes = Readonly<Record<string, readonly [string, string]>>;

/** The same for both requests of each of these flows. */
export const both = (names: readonly string[], outcome: string): Outcomes =>
  Object.fromEntries(names.map(name => [name, [outcome, outcome]]));

export const everybodyIsServed: Outcomes = {
  inajob: ['web-inajob saw 10.244.1.1', 'web-yuanying saw 192.168.33.11'],
  'client-inajob': ['web-inajob saw 10.244.1.9', 'web-yuanying saw 10.244.1.9'],
  'web-inajob': ['web-inajob saw 10.244.1.1', 'web-yuanying saw 10.244.1.3'],
  outside: ['web-inajob saw 10.244.1.1', 'web-yuanying saw 192.168.33.11'],
  'client-inajob to port 9100': ['refused', 'refused'],
  yuanying: ['web-inajob saw 192.168.33.12', 'web-yuanying saw 10.244.2.1'],
  'web-yuanying': ['web-inajob saw 10.244.2.2', 'web-yuanying saw 10.244.2.1'],
  master: ['unreachable', 'unreachable'],
};

/** The chapter leaves the hairpin out, and nothing of it guards the VIP's other ports. */
export const theChapterServes: Outcomes = {
  ...everybodyIsServed,
  'web-inajob': ['timeout', 'web-yuanying saw 10.244.1.3'],
  'client-inajob to port 9100': ['inajob saw 10.244.1.9', 'inajob saw 10.244.1.9'],
  'web-yuanying': ['timeout', 'web-inajob saw 10.244.2.2'],
};

/** The tally of `rounds` times those two requests. */
export function times(rounds: number, outcomes: Outcomes): Record<string, Tally> {
  const counted = ([one, other]: readonly [string, string]) =>
    one === other ? { [one]: 2 * rounds } : { [one]: rounds, [other]: rounds };
  return Object.fromEntries(Object.entries(outcomes).map(([name, outcome]) => [name, counted(outcome)]));
}
