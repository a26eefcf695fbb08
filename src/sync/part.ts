import { isInNetwork } from '../net/network.js';
import { type Element, serviceKinds } from '../node/element.js';
import type { NodeState } from '../node/state.js';
import type { IsOwn } from '../plan/ownership.js';
import type { Ledger } from '../proxy/ledger.js';

/** Everything else in a part of a node has been asked for by a Service, and so is kproxy's. */
export const leavable =
  (excludeCidrs: readonly string[]): IsOwn =>
  element => {
    if (element.kind === 'module' || element.kind === 'sysctl') return false;
    const server = element.kind === 'real-server' ? element.server : element;
    if (!('port' in server) || element.kind === 'flow') return true;
    return !excludeCidrs.some(network => isInNetwork(server.address, network));
  };

/** Of the elements with these keys those that somebody asks for. */
export function wantedOf(ledger: Ledger, keys: Iterable<string>): NodeState {
  const found = new Map<string, Element>();
  for (const key of keys) {
    const wanted = ledger.get(key);
    if (wanted !== undefined) found.set(key, wanted);
  }
  return found;
}

/** Keys of what is to be on the node although no Service asks for it. */
export function retainedKeys(ledger: Ledger, desired: NodeState): ReadonlySet<string> {
  const retained = new Set<string>();
  desired.forEach(({ kind }, key) => {
    if (serviceKinds.includes(kind) && !ledger.has(key)) retained.add(key);
  });
  return retained;
}

/** How many of these are real servers that get no new connections. */
export function drainingIn(desired: NodeState, retained: Iterable<string>): number {
  const elements = Array.from(retained, key => desired.get(key));
  return elements.filter(element => element?.kind === 'real-server' && element.weight === 0).length;
}
