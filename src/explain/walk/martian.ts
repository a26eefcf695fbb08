import { isLoopback } from '../../net/address.js';
import { findRoute } from '../datapath/routing.js';
import type { Packet } from '../trace/packet.js';
import type { Blame } from '../trace/trace.js';
import type { Walk } from './walk.js';

/**
 * Returns why the kernel drops a packet for its addresses before it looks up the route (`fib_validate_source`,
 * `ip_route_input_slow`), or undefined. Only IPv4 has these checks.
 */
export function whyMartian(walk: Walk, packet: Packet): Blame | undefined {
  const { inputDevice: device, family, source, destination } = packet;
  if (family === 'IPv6' || device === undefined || device === 'lo') return undefined;
  const setting = (name: string): number =>
    Math.max(...['all', device].map(one => Number(walk.node.sysctl(`net/ipv4/conf/${one}/${name}`) ?? '0')));
  const loopback = [source, destination].find(isLoopback);
  if (loopback !== undefined && setting('route_localnet') === 0)
    return {
      part: 'sysctl',
      name: `net/ipv4/conf/${device}/route_localnet`,
      value: '0',
      needed: '1',
      why: `${loopback} is a loopback address, which the kernel accepts only from the node itself.`,
    };
  if (walk.node.isLocal(source))
    return setting('accept_local') > 0
      ? undefined
      : { part: 'source', source, why: `${source} is an address of this node, and no other machine may have it.` };
  const mark = setting('src_valid_mark') > 0 ? packet.mark : 0;
  return filtered(walk, { source, destination, mark }, device, setting('rp_filter'));
}

function filtered(
  walk: Walk,
  { source, destination, mark }: Pick<Packet, 'source' | 'destination' | 'mark'>,
  device: string,
  mode: number,
): Blame | undefined {
  if (mode === 0) return undefined;
  const back = findRoute(walk.node, { destination: source, source: destination, mark });
  const isKnown = back.kind === 'unicast' && (mode === 2 || back.device === device);
  if (isKnown) return undefined;
  const name = [`net/ipv4/conf/${device}/rp_filter`, 'net/ipv4/conf/all/rp_filter'].find(
    path => walk.node.sysctl(path) === String(mode),
  );
  return {
    part: 'sysctl',
    name: name ?? 'net/ipv4/conf/all/rp_filter',
    value: String(mode),
    needed: mode === 1 && back.kind === 'unicast' ? '2' : '0',
    why:
      back.kind === 'unicast'
        ? `The packet comes from ${device}, and the route back to ${source} leads through ${back.device}.`
        : `The node has no route back to ${source}.`,
  };
}
