import { findRoute } from '../datapath/routing.js';
import type { BackendPlace } from '../trace/trace.js';
import type { Walk } from './walk.js';

/** Returns true for the address of a Pod on this node. */
export function isOnThisNode(walk: Walk, address: string): boolean {
  const known = walk.surroundings.placeOf(address);
  if (known !== undefined) return known === 'here';
  const route = findRoute(walk.node, { destination: address });
  return route.kind === 'unicast' && route.gateway === undefined && !walk.node.isUplink(route.device);
}

/** Returns where a backend is, seen from the client and this node. */
export function placeOf(walk: Walk, address: string): BackendPlace {
  if (walk.question.client.address === address) return 'the client itself';
  return isOnThisNode(walk, address) ? 'here' : 'elsewhere';
}
