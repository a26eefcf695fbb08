import type { DatapathIndex } from '../../../../src/explain/datapath/datapath-index.js';
import { familyOf } from '../../../../src/net/address.js';
import { type Request, requests } from '../../../../src/sandbox/network/request.js';
import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import { type Family, families } from '../../packets/services/cluster.js';
import { addressesOf, topology } from '../../packets/services/network.js';
import { type Client, clients, namespaceOf, type PlaceName, placeOf } from '../../packets/services/row.js';
import { outcomeOf } from '../../packets/support/table.js';
import { randomNumbers } from '../../support/walk.js';
import { explained, outcomesOf } from './explained.js';

const protocols = ['tcp', 'udp', 'sctp'] as const;

/** A client's requests to a place of a Service. */
export interface Flow {
  readonly name: string;
  readonly client: Client;
  readonly request: Request;
}

/** Where each Service of the damaged node is reached. */
const places: readonly (readonly [service: string, at: PlaceName])[] = [
  ['node-port', 'cluster IP'],
  ['node-port', 'node port'],
  ['node-port', 'node port at the bridge'],
  ['node-port', 'another port of the cluster IP'],
  ['local-balancer', 'cluster IP'],
  ['local-balancer', 'load balancer'],
  ['local-balancer', 'node port'],
  ['external-ip', 'cluster IP'],
  ['external-ip', 'external IP'],
  ['open-to-outside', 'load balancer'],
];

/** No route leads from the machine outside to the bridge. */
const canReach = (client: Client, at: PlaceName): boolean => client !== 'outside' || at !== 'node port at the bridge';

function flow(service: string, at: PlaceName, family: Family, protocol: Request['protocol'], client: Client): Flow {
  const { address, port } = placeOf({ service, at, outcomes: {} }, family);
  return {
    name: `${client} to ${service}, ${at}, ${protocol} over ${family}`,
    client,
    request: { from: namespaceOf(client), address, port, timeoutMilliseconds: 300, ...(protocol ? { protocol } : {}) },
  };
}

/** Every client's requests to every place, over both families, with every protocol. */
export const flows: readonly Flow[] = places.flatMap(([service, at]) =>
  families.flatMap(family =>
    protocols.flatMap(protocol =>
      clients.filter(client => canReach(client, at)).map(client => flow(service, at, family, protocol, client)),
    ),
  ),
);

/** The address that a client sends from. Undefined for the node, whose kernel chooses it. */
const sourceOf = ({ client, request }: Flow): string | undefined =>
  client === 'node'
    ? undefined
    : addressesOf(namespaceOf(client)).find(address => familyOf(address) === familyOf(request.address));

const machines = [...topology.nodes, ...topology.pods, ...topology.clients].map(({ name }) => name);
const names = {
  server: (address: string) => machines.find(name => addressesOf(name).includes(address)) ?? 'node',
  source: (address: string) => address,
};

/** The neighbour runs no proxy, and routes the packets of every VIP to the node. */
const world = { othersHoldVips: false };

/** Returns what explain says that the requests of a flow get. */
export const saidOf = (node: DatapathIndex, one: Flow): readonly string[] =>
  outcomesOf(explained(node, { ...one.request, source: sourceOf(one) }, world), names);

/** How many flows of a damaged node are asked: of those that the damage concerns, according to explain, and others. */
const most = { concerned: 16, others: 8 };

/** Returns flows that show what a damage does and what it does not, in random order. */
export function flowsToAsk(whole: DatapathIndex, damaged: DatapathIndex, seed: number): readonly Flow[] {
  const random = randomNumbers(seed);
  const shuffled = flows.map(flow => ({ flow, order: random() })).sort((one, other) => one.order - other.order);
  const all = shuffled.map(({ flow }) => flow);
  const isConcerned = (flow: Flow) => saidOf(whole, flow).join() !== saidOf(damaged, flow).join();
  const concerned = all.filter(isConcerned).slice(0, most.concerned);
  return [...concerned, ...all.filter(flow => !concerned.includes(flow)).slice(0, most.others)];
}

/** Two for each backend. */
const times = 4;
/** Long enough for a packet to reach a backend, so that each request gets its own turn of the round robin. */
const patienceMilliseconds = 20;

/** Sends the requests of flows. Returns what those of each flow get. */
export async function seenOf(
  sandbox: Sandbox,
  all: readonly Flow[],
  timeoutMilliseconds: number,
): Promise<readonly (readonly string[])[]> {
  const sent = all.flatMap(({ request }) => Array<Request>(times).fill({ ...request, timeoutMilliseconds }));
  const answers = await requests(sandbox, sent, { patienceMilliseconds });
  return all.map((_, index) =>
    [...new Set(answers.slice(index * times, (index + 1) * times).map(answer => outcomeOf(answer)))].sort(),
  );
}
