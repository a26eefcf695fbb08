import { eachInParts, type InParts, withBreaths } from '../breath.js';
import { KproxyError } from '../errors.js';
import type { NodeAccess } from '../node/access.js';
import type { Change } from '../node/change.js';
import type { Element, Flow, VirtualServer, VirtualServerAddress } from '../node/element.js';
import { deleteFlows, visitFlows } from '../node/flows.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import { type ElementLookup, visitInParts } from '../node/state.js';
import type { PortFlow } from '../plan/flows-of-changes.js';
import type { IsOwn } from '../plan/ownership.js';
import type { Plan } from '../plan/plan.js';
import { StaleFlows } from '../plan/stale-flows.js';

type FlowPorts = readonly Pick<VirtualServerAddress, 'address' | 'port'>[];

/** A node that a plan has changed, or that needed no change. */
export interface ChangedNode {
  readonly plan: Plan;
  /** The flows that the plan makes stale. */
  readonly leaving: readonly Change<PortFlow>[];
  /** What the node has now of all virtual servers whose flows are judged. */
  readonly after: ElementLookup;
}

/** What was removed, and why nothing could be. */
export interface RemovedFlows {
  readonly changes: readonly Change<Flow>[];
  /** What the user should know: lines without a full stop. */
  readonly remarks: readonly string[];
}

const nothingRemoved: RemovedFlows = { changes: [], remarks: [] };

/**
 * Removes the stale UDP flows of all of kproxy's virtual servers, after a full sync. If the plan has made none stale, a
 * conntrack that is missing or fails is a remark: the node serves every Service.
 * @throws KproxyError if the plan has made flows stale and they cannot be removed
 */
export async function removeStaleFlows(node: NodeAccess, changed: ChangedNode, isOwn: IsOwn): Promise<RemovedFlows> {
  const { leaving, after } = changed;
  const ports = await withBreaths(ownPorts(changed, isOwn));
  if (leaving.length > 0) return removeFlowsOf(node, [...ports, ...portsOf(leaving)], after);
  return removeFlowsOf(node, ports, after).catch(error => {
    if (!(error instanceof KproxyError)) throw error;
    return { changes: [], remarks: [`stale UDP flows are not looked for: ${error.message}`] };
  });
}

/**
 * Removes the UDP flows that a plan has made stale, after a partial sync. Runs nothing if there can be none.
 * @throws KproxyError if they cannot be removed
 */
export async function removeLeavingFlows(node: NodeAccess, changed: ChangedNode, isOwn: IsOwn): Promise<RemovedFlows> {
  const { leaving, after } = changed;
  if (leaving.length === 0) return nothingRemoved;
  // Of the own ports among the addresses that are looked at, none may be taken for those of other software.
  return removeFlowsOf(node, portsOf(leaving), after, await withBreaths(ownPorts(changed, isOwn)));
}

/**
 * Finds the UDP flows that are stale once a plan has been carried out.
 * @param planned the node as it will be, and whose flows to look for besides those of virtual servers that stay
 * @throws KproxyError if conntrack fails
 */
export async function findStaleFlows(
  node: NodeAccess,
  planned: ChangedNode,
  isOwn: IsOwn,
): Promise<readonly Change<Flow>[]> {
  const ports = [...(await withBreaths(ownPorts(planned, isOwn))), ...portsOf(planned.leaving)];
  return (await staleFlowsOf(node, ports, planned.after)).map(removalOf);
}

async function removeFlowsOf(
  node: NodeAccess,
  ports: FlowPorts,
  state: ElementLookup,
  others: FlowPorts = [],
): Promise<RemovedFlows> {
  const flows = await staleFlowsOf(node, ports, state, others);
  if (flows.length === 0) return nothingRemoved;
  await deleteFlows(node, flows);
  return { changes: flows.map(removalOf), remarks: [] };
}

/** @param others kproxy's other ports: their stale flows are found if they are among the addresses of `ports` */
async function staleFlowsOf(
  node: NodeAccess,
  ports: FlowPorts,
  state: ElementLookup,
  others: FlowPorts = [],
): Promise<readonly Flow[]> {
  if (ports.length === 0) return [];
  const stale = new StaleFlows([...others, ...ports], state);
  await visitFlows(
    node,
    ports.map(({ address }) => address),
    flow => stale.add(flow),
  );
  return stale.filters();
}

/** Returns the UDP ports of the virtual servers that were kproxy's, or have been added. */
function* ownPorts({ plan, after }: Omit<ChangedNode, 'leaving'>, isOwn: IsOwn): InParts<FlowPorts> {
  const added = new Set<string>();
  yield* eachInParts(plan, change => {
    if (change.verb === 'add' && isUdpServer(change.after)) added.add(virtualServerKey(change.after));
  });
  const ports: VirtualServer[] = [];
  yield* visitInParts(after, element => {
    if (isUdpServer(element) && (isOwn(element) || added.has(virtualServerKey(element)))) ports.push(element);
  });
  return ports;
}

const isUdpServer = (element: Element): element is VirtualServer =>
  element.kind === 'virtual-server' && element.protocol === 'UDP';

const portsOf = (changes: readonly Change<PortFlow>[]): FlowPorts =>
  changes.flatMap(change => (change.verb === 'remove' ? [change.before] : []));

const removalOf = (flow: Flow): Change<Flow> => ({ verb: 'remove', before: flow });
