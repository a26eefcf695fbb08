import { familyOf } from '../../net/address.js';
import { isInNetwork } from '../../net/network.js';
import { endpointFinder } from '../../proxy/endpoint.js';
import { clusterIps } from '../../proxy/service-port.js';
import type { Client, ClientKind } from '../explanation.js';
import { findPod } from './find-pod.js';
import { type Neighborhood, neighborhoods } from './neighborhood.js';
import { unusedAddress } from './networks.js';
import type { Source } from './source.js';
import type { AskedTarget } from './targets.js';
import type { World } from './world.js';

/** Returns the clients whose packets to a target are to be followed. */
export type ClientsFor = (target: AskedTarget) => readonly Client[];

/**
 * Returns the function that chooses clients: one of each kind that makes a difference, or the one that the user chose.
 * Targets of a family in which a client has no address have none. Prepares what is the same for all targets.
 * @param namespace that of a Pod without one
 * @throws KproxyError `pod-missing`
 */
export function clientsFor(world: World, source: Source | undefined, namespace: string): ClientsFor {
  const around = neighborhoods(world);
  const backendsOf = backendFinder(world);
  const virtualIps = new Set(world.cluster.services.flatMap(clusterIps));
  const chosen = source === undefined ? undefined : chosenClient(source, world, namespace);
  return target => {
    const isClusterIp = virtualIps.has(target.target.address);
    const place = { around: around[target.family], backends: backendsOf(target), isClusterIp };
    return chosen === undefined ? kindsOfClients(place) : chosen(place);
  };
}

/** A target with what is around the node in its family. */
interface Place {
  readonly around: Neighborhood;
  /** The addresses of the target's backends: those that the node has, and those that the cluster has in any state. */
  readonly backends: ReadonlySet<string>;
  /** True for the cluster IP of any Service, whatever the port. */
  readonly isClusterIp: boolean;
}

function backendFinder({ cluster, datapath, proxy }: World): (target: AskedTarget) => ReadonlySet<string> {
  const endpointsOf = endpointFinder(cluster, proxy.nodeName);
  return ({ target, protocol, port }) => {
    const endpoints = port === undefined ? [] : endpointsOf(port);
    const servers = datapath.virtualServers.filter(
      ({ server }) => server.protocol === protocol && server.address === target.address && server.port === target.port,
    );
    return new Set([
      ...servers.flatMap(({ realServers }) => realServers.map(({ real }) => real.address)),
      ...endpoints.map(({ address }) => address),
    ]);
  };
}

const client = (kind: ClientKind, label: string, address: string | undefined): Client => ({ kind, label, address });

/** Every node serves the cluster IP itself, so a Pod elsewhere sends nothing for it to this one. */
function kindsOfClients(place: Place): readonly Client[] {
  const { around } = place;
  const one = (kind: ClientKind, label: string, address: string | undefined): readonly Client[] =>
    address === undefined ? [] : [client(kind, label, address)];
  return [
    ...one('pod', 'a Pod on this node', podHere(place)),
    ...(place.isClusterIp ? [] : one('pod elsewhere', 'a Pod elsewhere', podElsewhere(place))),
    ...one('backend', 'a backend itself', backendHere(place)),
    ...(around.own.length > 0 ? [nodeClient] : []),
    ...one('outside', 'a machine outside', machineOutside(place)),
  ];
}

const nodeClient = client('node', 'this node', undefined);

const podHere = ({ around, backends }: Place): string | undefined =>
  around.podsHere.find(address => !backends.has(address)) ?? unused(around.networksHere, around);

const podElsewhere = ({ around, backends }: Place): string | undefined =>
  around.podsElsewhere.find(address => !backends.has(address)) ?? unused(around.networksElsewhere, around);

const backendHere = ({ around, backends }: Place): string | undefined =>
  around.podsHere.find(address => backends.has(address));

const machineOutside = ({ around }: Place): string | undefined => unused(around.networksOutside, around);

function unused(networks: readonly string[], { taken }: Neighborhood): string | undefined {
  for (const network of networks) {
    const address = unusedAddress(network, taken);
    if (address !== undefined) return address;
  }
  return undefined;
}

type ChooseClient = (place: Place) => readonly Client[];

function chosenClient(source: Source, world: World, namespace: string): ChooseClient {
  switch (source.kind) {
    case 'node':
      return ({ around }) => (around.own.length > 0 ? [nodeClient] : []);
    case 'outside':
      return place => {
        const address = machineOutside(place);
        return address === undefined ? [] : [client('outside', 'a machine outside', address)];
      };
    case 'address':
      return place => withAddress(source.address, source.address, place);
    case 'pod':
      return podClient(source.name, source.namespace ?? namespace, world);
  }
}

/** A Pod of the host network sends what the node itself sends. */
function podClient(name: string, namespace: string, world: World): ChooseClient {
  const { addresses, nodeName, isInHostNetwork } = findPod({ namespace, name }, world.cluster);
  const label = `pod/${name}`;
  const isHere = nodeName === world.proxy.nodeName;
  return place => {
    if (isInHostNetwork && isHere) return place.around.own.length > 0 ? [client('node', label, undefined)] : [];
    return addresses.flatMap(address =>
      withAddress(address, label, place, nodeName === undefined ? undefined : isHere),
    );
  };
}

/** Returns the client with this address if it has the target's family. */
function withAddress(address: string, label: string, place: Place, isHere?: boolean): readonly Client[] {
  const { family } = place.around;
  if (familyOf(address) !== family) return [];
  return [client(kindOfAddress(address, place, isHere), label, address)];
}

function kindOfAddress(address: string, { around, backends }: Place, isHere: boolean | undefined): ClientKind {
  if (around.own.includes(address)) return 'node';
  const isIn = (networks: readonly string[]) => networks.some(network => isInNetwork(address, network));
  if (isHere ?? (around.podsHere.includes(address) || isIn(around.networksHere)))
    return backends.has(address) ? 'backend' : 'pod';
  const isElsewhere = around.podsElsewhere.includes(address) || isIn(around.networksElsewhere);
  return isHere === false || isElsewhere ? 'pod elsewhere' : 'address';
}
