import { type Family, familyOf } from '../net/address.js';
import type { Element } from './element.js';
import { familyOfSet } from './names.js';

/** Returns the family that an element serves, or undefined for what both families need. */
export function familyOfElement(element: Element): Family | undefined {
  switch (element.kind) {
    case 'module':
    case 'sysctl':
    case 'link':
    case 'ipvs-timeouts':
      return undefined;
    case 'address':
    case 'virtual-server':
    case 'flow':
      return familyOf(element.address);
    case 'real-server':
      return familyOf(element.server.address);
    case 'set':
      return familyOfSet(element.name);
    case 'entry':
      return familyOfSet(element.set);
    case 'chain':
    case 'jumps':
      return element.family;
  }
}
