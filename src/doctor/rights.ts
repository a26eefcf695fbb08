import type { Facts, Permissions } from './facts.js';

/** The bits of capabilities(7) that kproxy needs, and what for. */
export const neededCapabilities = [
  { name: 'NET_ADMIN', bit: 12n, use: 'Without NET_ADMIN nothing of the network can be changed.' },
  { name: 'NET_RAW', bit: 13n, use: 'Without NET_RAW iptables-legacy and ipset cannot talk to the kernel.' },
] as const;

/** Returns those of the needed capabilities that this process lacks. */
export const lackingCapabilities = ({ capabilities: held }: Pick<Permissions, 'capabilities'>) =>
  held.is === 'unread' ? [] : neededCapabilities.filter(({ bit }) => (held.value & (1n << bit)) === 0n);

/** Returns true if tools may be run as they are meant to be: without sudo, or through a sudo that lets them run. */
export const isSudoUsable = ({ sudo, canAnswer }: Pick<Permissions, 'sudo' | 'canAnswer'>): boolean =>
  sudo === undefined || sudo === 'ready' || (sudo === 'asks' && canAnswer);

/** Returns true if tools have root's rights. What fails without them is a consequence, which need not be told. */
export function hasRights({ permissions, machine }: Pick<Facts, 'permissions' | 'machine'>): boolean {
  if (permissions.sudo !== undefined) return isSudoUsable(permissions);
  return machine.isRoot && lackingCapabilities(permissions).length === 0;
}
