import type { Element } from '../../src/node/element.js';
import { keyOf } from '../../src/node/kinds/index.js';
import type { NodeState } from '../../src/node/state.js';

/** A state as sorted lines that say all that the kernel knows of it, for comparing two of them. Connections come and go by themselves. */
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
  const { connections: _, ...lasting } = { connections: undefined, ...element };
  return JSON.stringify(
    lasting,
    Object.keys(lasting).sort().concat(['seconds', 'netmask', 'protocol', 'address', 'port']),
  );
}
