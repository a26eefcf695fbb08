import { eachInParts, type InParts } from '../breath.js';
import { isInNetwork } from '../net/network.js';
import type { VirtualServer } from '../node/element.js';
import { addressesOf, type ForeignServer, type NodeFacts } from '../node/facts.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import { ipvsDevice } from '../node/names.js';
import { type ElementLookup, type NodeState, visitInParts } from '../node/state.js';
import { backendText, evidenceIn, isMasqueraded, lazily, listedServers, realServersByServer } from './evidence.js';

/** What Services claim of a node, and by which title. */
export interface TitledClaims extends ElementLookup {
  /** Returns true for an address that is the cluster IP of a Service. */
  isClusterIp(address: string): boolean;
  /** Returns true for the key of a virtual server that a Service claims as its node port. */
  isNodePort(key: string): boolean;
}

/** Addresses that Services merely ask for are no evidence here: they may be those of other software. */
const noClaims: ElementLookup = { get: () => undefined, has: () => false, forEach: () => {} };

/**
 * Returns the virtual servers of a node that other software has made. kproxy's are those that its sets or its device
 * show, those at a cluster IP, which the API server gives to Services alone, and those with a node port that lead to
 * endpoints of Services only. In an excluded network only an entry of its sets shows it.
 * @param actual a whole node, as it was read
 * @param excludeCidrs networks whose virtual servers belong to other software
 */
function* foreignServers(
  actual: NodeState,
  facts: NodeFacts,
  claims: TitledClaims,
  excludeCidrs: readonly string[],
): InParts<readonly ForeignServer[]> {
  const nodeAddresses = addressesOf(facts);
  const bound = new Set<string>();
  const servers: VirtualServer[] = [];
  yield* visitInParts(actual, element => {
    if (element.kind === 'address' && element.link === ipvsDevice) bound.add(element.address);
    else if (element.kind === 'virtual-server') servers.push(element);
  });
  const evidence = lazily(() => evidenceIn({ actual, nodeAddresses, claimed: noClaims }));
  const isListed = lazily(() => listedServers(actual, nodeAddresses));
  const leadsToEndpoints = lazily(() => serversOfEndpoints(actual, claims));
  const isExcluded = (address: string) => excludeCidrs.some(network => isInNetwork(address, network));
  const isOwn = (server: VirtualServer): boolean => {
    if (isExcluded(server.address)) return isListed()(server);
    if (claims.isClusterIp(server.address) || evidence()(server) !== undefined) return true;
    return (
      claims.isNodePort(virtualServerKey(server)) && nodeAddresses.has(server.address) && leadsToEndpoints()(server)
    );
  };
  const foreign: ForeignServer[] = [];
  yield* eachInParts(servers, server => {
    if (isOwn(server)) return;
    const { protocol, address, port } = server;
    const hasAddress = !nodeAddresses.has(address) && !bound.has(address);
    foreign.push({ protocol, address, port, hasAddress });
  });
  return foreign;
}

/** Returns a function that finds the virtual servers whose real servers are all masqueraded endpoints of Services. */
function serversOfEndpoints(actual: NodeState, claims: ElementLookup): (server: VirtualServer) => boolean {
  const endpoints = new Set<string>();
  claims.forEach(element => {
    if (element.kind === 'real-server') endpoints.add(backendText(element));
  });
  const realServers = realServersByServer(actual);
  return server => {
    const all = realServers.get(virtualServerKey(server)) ?? [];
    return all.length > 0 && all.every(real => isMasqueraded(real) && endpoints.has(backendText(real)));
  };
}

/** Returns the facts with the virtual servers that belong to other software now. Yields in between. */
export function* withForeignServersInParts(
  facts: NodeFacts,
  actual: NodeState,
  claims: TitledClaims,
  excludeCidrs: readonly string[],
): InParts<NodeFacts> {
  const { foreignServers: _before, ...others } = facts;
  const found = yield* foreignServers(actual, facts, claims, excludeCidrs);
  return found.length === 0 ? others : { ...others, foreignServers: found };
}
