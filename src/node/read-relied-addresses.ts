import type { NodeAccess } from './access.js';
import type { ReliedAddress } from './facts.js';
import { defaultGateways, defaultGateways6 } from './tools/proc-net-route.js';
import { nameservers } from './tools/resolv-conf.js';

/** What is read, and what its addresses are to the node. None of it takes a process. */
const sources = [
  { path: '/proc/net/route', as: 'gateway', addresses: defaultGateways },
  { path: '/proc/net/ipv6_route', as: 'gateway', addresses: defaultGateways6 },
  { path: '/etc/resolv.conf', as: 'resolver', addresses: nameservers },
] as const;

/** Reads the addresses that the node itself relies on. */
export async function readReliedAddresses(node: NodeAccess): Promise<readonly ReliedAddress[]> {
  const texts = await Promise.all(sources.map(async source => ({ source, text: await node.readFile(source.path) })));
  return texts.flatMap(({ source: { as, addresses }, text = '' }) =>
    Array.from(new Set(addresses(text)), address => ({ address, as })),
  );
}
