import type { Cluster } from '../../../src/cluster/cluster.js';
import type { CauseInput, FlowResult } from '../../../src/explain/cause/cause-input.js';
import { withSysctl } from '../../../src/explain/datapath/after/sysctls.js';
import { indexDatapath } from '../../../src/explain/datapath/datapath-index.js';
import { desiredDatapath } from '../../../src/explain/datapath/desired/desired-datapath.js';
import type { Client, Target } from '../../../src/explain/explanation.js';
import { summarize } from '../../../src/explain/trace/summarize.js';
import { traceFlow } from '../../../src/explain/walk/trace-flow.js';
import { familyOf } from '../../../src/net/address.js';
import type { Protocol } from '../../../src/net/protocol.js';
import { actualState } from '../../../src/node/actual-state.js';
import type { Datapath } from '../../../src/node/datapath/datapath.js';
import { ipvsDevice } from '../../../src/node/names.js';
import { readNode } from '../../../src/node/read.js';
import { diff } from '../../../src/plan/diff.js';
import type { ProxyOptions } from '../../../src/proxy/options.js';
import { type FakeKernel, type FakeNode, fakeNode, freshKernel, parse, print } from '../../support/fake-node/index.js';
import { clusterFrom } from '../../support/parity-case.js';
import { tutorialProxy } from '../../support/run-sync.js';
import { listText } from '../../support/sample-objects.js';
import { reconciliationOn, syncedNode } from '../../support/synced-node.js';
import { datapathOfKernel } from './datapath-of-kernel.js';

export const vip = '10.254.10.128';

const nodeObject = (name: string, address: string, podCIDR: string): object => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  spec: { podCIDR },
  status: { addresses: [{ type: 'InternalIP', address }] },
});

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web-service', namespace: 'default' },
  spec: { clusterIP: vip, selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
};

const endpoints = {
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { name: 'web-service', namespace: 'default' },
  subsets: [
    {
      addresses: [
        { ip: '10.244.2.2', nodeName: 'yuanying' },
        { ip: '10.244.1.3', nodeName: 'inajob' },
      ],
      ports: [{ port: 8080 }],
    },
  ],
};

export const nodes: readonly object[] = [
  nodeObject('inajob', '192.168.33.11', '10.244.1.0/24'),
  nodeObject('yuanying', '192.168.33.12', '10.244.2.0/24'),
];

/** The tutorial's cluster. */
export const tutorial = clusterFrom(listText(service, endpoints, ...nodes));

/** The clients of the tutorial's packet tests. */
export const clients = {
  inajob: { kind: 'node', label: 'this node', address: undefined },
  'client-inajob': { kind: 'pod', label: 'a Pod on this node', address: '10.244.1.9' },
  'web-inajob': { kind: 'backend', label: 'a backend itself', address: '10.244.1.3' },
  outside: { kind: 'outside', label: 'a machine outside', address: '192.168.33.99' },
} as const satisfies Record<string, Client>;
export type ClientName = keyof typeof clients;

const programmed = new Map<Cluster, Promise<string>>();

/** Returns the text of the kernel of a node that kproxy has programmed for a cluster. */
export function programmedText(cluster: Cluster = tutorial): Promise<string> {
  const known = programmed.get(cluster) ?? program(cluster);
  programmed.set(cluster, known);
  return known;
}

const program = async (cluster: Cluster): Promise<string> =>
  print((await syncedNode(cluster, tutorialProxy, freshKernel({ addresses: ['192.168.33.11/24'] }))).kernel);

/** A node that has been programmed and then damaged. */
export interface DamagedNode {
  readonly node: FakeNode;
  readonly datapath: Datapath;
}

/** Returns the node with this text of its kernel, between the networks of the tutorial. */
export function damagedNode(text: string, edit: (datapath: Datapath) => Datapath = same): DamagedNode {
  const node = fakeNode(parse(text));
  return { node, datapath: edit(withNetworks(node.kernel)) };
}

const same = (datapath: Datapath): Datapath => datapath;

function withNetworks(kernel: FakeKernel): Datapath {
  const around = desiredDatapath(new Map(), {
    cluster: tutorial,
    facts: { localAddresses: [] },
    options: tutorialProxy,
  });
  const { datapath: bare } = around;
  const own = datapathOfKernel(kernel);
  const device = own.links.filter(({ name }) => name === ipvsDevice);
  let { sysctls } = bare;
  for (const [name, value] of Object.entries(own.sysctls)) sysctls = withSysctl(sysctls, { name, value });
  return {
    ...bare,
    tables: own.tables,
    sets: own.sets,
    virtualServers: own.virtualServers,
    links: [...bare.links, ...device],
    routes: [...bare.routes, ...own.routes.filter(({ hops }) => hops[0]?.device === ipvsDevice)],
    sysctls,
    sockets: [{ protocol: 'TCP', family: 'IPv4', address: '0.0.0.0', port: 9100 }],
  };
}

export interface Asked {
  readonly address?: string;
  readonly port?: number;
  readonly protocol?: Protocol;
  readonly kind?: Target['kind'];
  readonly servicePort?: string | undefined;
}

/** Returns what the cause of a client's flow is sought in. */
export async function causeInput(
  { node, datapath }: DamagedNode,
  client: ClientName,
  asked: Asked = {},
  cluster: Cluster = tutorial,
  proxy: ProxyOptions = tutorialProxy,
): Promise<CauseInput> {
  const { address = vip, port = 80, protocol = 'TCP', kind = 'cluster IP' } = asked;
  const servicePort = 'servicePort' in asked ? asked.servicePort : 'default/web-service';
  const { desired, isOwn } = await reconciliationOn(node, cluster, proxy);
  const actual = actualState((await readNode(node)).findings);
  const family = familyOf(address);
  const explainOn = (on: Datapath): FlowResult => {
    const destination = { address, port };
    const trace = traceFlow(indexDatapath(on), {
      ...{ family, protocol, client: clients[client], destination },
      isEstablished: false,
    });
    const { verdict, backends } = summarize(trace);
    return { trace, verdict, backends };
  };
  return {
    target: { address, port, servicePort, kind },
    ...{ family, protocol, datapath, explainOn, desired, cluster },
    now: explainOn(datapath),
    changes: diff(actual, desired.state, isOwn),
    options: proxy,
    style: { sudo: false, iptables: 'default' },
  };
}
