import type { Element } from '../../src/node/element.js';
import { keyOf } from '../../src/node/kinds/index.js';
import type { NodeState } from '../../src/node/state.js';

/** A state as sorted lines that say all that the kernel knows of it, for comparing two of them. */
export const stateText = (state: NodeState): readonly string[] => [...state.values()].map(elementText).sort();

function elementText(element: Element): string {
  if (element.kind === 'chain' || element.kind === 'jumps') {
    const behind = element.kind === 'jumps' ? [...element.behind] : [];
    return [keyOf(element), ...element.rules.map(rule => rule.argv.join(' ')), ...behind].join(' | ');
  }
  if (element.kind === 'set')
    return JSON.stringify({
      ...element,
      maximum: element.maximum ?? (element.type === 'bitmap:port' ? undefined : 65536),
    });
  return JSON.stringify(
    element,
    Object.keys(element).sort().concat(['seconds', 'netmask', 'active', 'inactive', 'protocol', 'address', 'port']),
  );
}
