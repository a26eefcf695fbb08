import type { Element } from '../node/element.js';

/** An element that every node needs, with the packet that goes wrong without it. */
export interface HostElement {
  readonly element: Element;
  readonly why: string;
}
