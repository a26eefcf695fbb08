import type { Element } from '../../src/node/element.js';
import { keyOf } from '../../src/node/kinds/index.js';
import type { NodeState } from '../../src/node/state.js';

/**
 * Returns a state as sorted lines that say everything the kernel knows of it, for comparisons. Leaves out connections.
 */
export const stateText = (
  state: NodeState,
  foreignRules: ReadonlyMap<string, readonly string[]> = new Map(),
): readonly string[] => Array.from(state, ([key, element]) => elementText(element, foreignRules.get(key) ?? [])).sort();

function elementText(element: Element, foreignRules: readonly string[]): string {
  if (element.kind === 'chain' || element.kind === 'jumps')
    return [keyOf(element), ...element.rules.map(rule => rule.join(' ')), ...foreignRules].join(' | ');
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
