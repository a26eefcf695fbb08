import type { Change } from '../node/change.js';
import type { Element, VirtualServerAddress } from '../node/element.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import type { Reason, Reasons } from '../node/reason.js';
import { reasonsOf } from '../node/reasons-of.js';
import { virtualServerOfEntry } from '../node/tools/text.js';

/**
 * Returns the Service ports that a change concerns: those that claim the element or, if none does, those that claim the
 * virtual server that it belongs to. Changes of the node's own parts, and leftovers of a removed Service, concern none.
 */
export function servicePortsOf(change: Change, reasons: Reasons): readonly string[] {
  const claimants = servicePortsIn(reasonsOf(change, reasons));
  if (claimants.length > 0 || change.verb !== 'remove') return claimants;
  const server = serverOf(change.before);
  return server === undefined ? [] : servicePortsIn(reasons.of(virtualServerKey(server)));
}

const servicePortsIn = (reasons: readonly Reason[]): readonly string[] => [
  ...new Set(reasons.flatMap(({ servicePort }) => servicePort ?? [])),
];

/** Returns the virtual server that an element is a part of. */
function serverOf(element: Element): VirtualServerAddress | undefined {
  if (element.kind === 'real-server') return element.server;
  if (element.kind === 'virtual-server') return element;
  if (element.kind === 'flow')
    return element.port === undefined ? undefined : { ...element, protocol: 'UDP', port: element.port };
  return element.kind === 'entry' ? virtualServerOfEntry(element.value) : undefined;
}
