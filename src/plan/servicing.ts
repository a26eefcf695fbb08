import type { Change } from '../node/change.js';
import type { Element, Reason, Reasons, VirtualServerAddress } from '../node/element.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import { virtualServerOfEntry } from '../node/tools/text.js';

/**
 * The Service ports that a change is about: those that ask for the element and, where nobody does any more, those that have the virtual server it belonged to.
 * None for the node's own parts, and for what is left of a Service that is gone.
 */
export function servicePortsOf(change: Change, reasons: Reasons): readonly string[] {
  const asking = named(change.reasons);
  if (asking.length > 0 || change.verb !== 'remove') return asking;
  const server = serverOf(change.before);
  return server === undefined ? [] : named(reasons.get(virtualServerKey(server)) ?? []);
}

const named = (reasons: readonly Reason[]): readonly string[] => [
  ...new Set(reasons.flatMap(({ servicePort }) => servicePort ?? [])),
];

/** The virtual server that an element is a part of. */
function serverOf(element: Element): VirtualServerAddress | undefined {
  if (element.kind === 'real-server') return element.server;
  if (element.kind === 'virtual-server') return element;
  return element.kind === 'entry' ? virtualServerOfEntry(element.value) : undefined;
}
