import type { Family } from '../../net/address.js';
import type { Walk } from './walk.js';

/** The setting with which packets that a bridge forwards pass the rules of iptables, and IPVS. */
export const bridgeSysctl = (family: Family): string =>
  `net/bridge/bridge-nf-call-${family === 'IPv4' ? 'iptables' : 'ip6tables'}`;

export const callsIptables = ({ node }: Walk, family: Family): boolean => node.sysctl(bridgeSysctl(family)) === '1';

export const isBridge = ({ node }: Walk, device: string): boolean => node.link(device)?.type === 'bridge';

/** Returns the port of a bridge that an address is behind, `unknown`, or undefined for devices that are no bridge. */
export function bridgePortOf(walk: Walk, device: string, address: string): string | undefined {
  if (!isBridge(walk, device)) return undefined;
  return walk.node.datapath.bridgePorts?.[address] ?? 'unknown';
}
