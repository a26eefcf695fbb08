import { familyOf } from '../../net/address.js';
import { isInNetwork } from '../../net/network.js';
import type { DatapathLink } from '../../node/datapath/datapath.js';
import { ipvsDevice } from '../../node/names.js';
import type { RouteResult } from '../datapath/routing.js';
import type { Blame } from '../trace/trace.js';
import type { Walk } from './walk.js';

/** Returns what to blame if no usable route leads to an address: the device that is down, or else the route. */
export function unreachable({ node }: Walk, to: string, why: string): Blame {
  const down = node.datapath.links.find(link => !link.isUp && link.name !== ipvsDevice && hasNetworkOf(link, to));
  return down === undefined
    ? { part: 'route', to, why }
    : { part: 'link', link: down.name, why: `${to} is in its network, and the kernel has no route there without it` };
}

const hasNetworkOf = ({ addresses }: DatapathLink, to: string): boolean =>
  addresses.some(
    ({ address, prefix }) => familyOf(address) === familyOf(to) && isInNetwork(to, `${address}/${prefix}`),
  );

/**
 * Returns what to blame if packets to a Pod of this node leave through a gateway: its device is down or gone, and only
 * the default route is left.
 */
export function strayed(walk: Walk, address: string, found: RouteResult): Blame | undefined {
  if (found.kind !== 'unicast' || found.gateway === undefined || walk.surroundings.placeOf(address) !== 'here')
    return undefined;
  // Some networks reach their own Pods through a gateway that is the node itself.
  if (walk.node.isLocal(found.gateway)) return undefined;
  return unreachable(
    walk,
    address,
    `${address} is a Pod of this node, and the route to it leads through ${found.device} to ${found.gateway}.`,
  );
}
