import { isLinkLocalIpv6, isLoopback } from './address.js';

/** One pattern for all of them, because nearly every address is usable. */
const unusable = /^(?:0\.|127\.|22[4-9]\.|23\d\.|255\.255\.255\.255$|::1?$|fe[89ab]|ff)/;

/**
 * Returns why neither a VIP nor an endpoint can have this address, as the end of a sentence, or undefined for a usable
 * address. Addresses are in canonical form. The kernel refuses multicast, broadcast and unspecified addresses. It
 * accepts loopback and IPv6 link-local ones, but packets from other machines never reach those, and kube-proxy leaves
 * them out too. 169.254.0.0/16 is usable (NodeLocal DNSCache has such an address), and so is 240.0.0.0/4, which some
 * clouds use for Pods and Services.
 */
export function whyUnusable(address: string): string | undefined {
  if (!unusable.test(address)) return undefined;
  if (address === '0.0.0.0' || address === '::') return 'is the unspecified address';
  if (address.startsWith('0.')) return 'is an address of 0.0.0.0/8, which stands for this network';
  if (isLoopback(address)) return 'is a loopback address';
  if (address === '255.255.255.255') return 'is the broadcast address';
  return isLinkLocalIpv6(address) ? 'is a link-local address' : 'is a multicast address';
}

/** Returns why no packet comes from or goes to one machine with this address, or undefined if it may. */
export const whyNoMachine = (address: string): string | undefined =>
  isLoopback(address) || isLinkLocalIpv6(address) ? undefined : whyUnusable(address);
