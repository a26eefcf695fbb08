import type { Element, ElementKindName } from '../element.js';
import type { ElementKind } from '../kind.js';
import { addressKind } from './address.js';
import { chainKind } from './chain.js';
import { entryKind } from './entry.js';
import { flowKind } from './flow.js';
import { ipsetKind } from './ipset.js';
import { timeoutsKind } from './ipvs-timeouts.js';
import { jumpsKind } from './jumps.js';
import { linkKind } from './link.js';
import { moduleKind } from './module.js';
import { realServerKind } from './real-server.js';
import { sysctlKind } from './sysctl.js';
import { virtualServerKind } from './virtual-server.js';

type KindOf = { readonly [Name in ElementKindName]: ElementKind<Extract<Element, { kind: Name }>> };

/** Every kind of element, in the order in which elements of one stage are added. */
export const kinds: KindOf = {
  module: moduleKind,
  sysctl: sysctlKind,
  link: linkKind,
  set: ipsetKind,
  entry: entryKind,
  chain: chainKind,
  jumps: jumpsKind,
  address: addressKind,
  'ipvs-timeouts': timeoutsKind,
  'virtual-server': virtualServerKind,
  'real-server': realServerKind,
  flow: flowKind,
};

/** Returns the description of an element's kind. Each handler only ever receives elements of its own kind. */
export const kindOf = (element: Element): ElementKind<Element> => kinds[element.kind] as ElementKind<Element>;

export const keyOf = (element: Element): string => kindOf(element).key(element);
