import type { Element } from './element.js';

/** A part of a node that one reader reads. */
export type NodePart = 'addresses' | 'sets' | 'rules-IPv4' | 'rules-IPv6' | 'servers' | 'timeouts' | 'sysctls';

/** Returns the part that an element is in, or undefined for flows, which are never read. */
export function partOf(element: Element): NodePart | undefined {
  switch (element.kind) {
    case 'link':
    case 'address':
      return 'addresses';
    case 'set':
    case 'entry':
      return 'sets';
    case 'chain':
    case 'jumps':
      return `rules-${element.family}`;
    case 'module':
    case 'virtual-server':
    case 'real-server':
      return 'servers';
    case 'ipvs-timeouts':
      return 'timeouts';
    case 'sysctl':
      return 'sysctls';
    case 'flow':
      return undefined;
  }
}
