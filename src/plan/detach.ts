import type { Change } from '../node/change.js';
import type { Chain, Rule } from '../node/element.js';
import { elementsOf, type NodeState } from '../node/state.js';

const namesSet = (rule: Rule, sets: ReadonlySet<string>): boolean => {
  const index = rule.argv.indexOf('--match-set');
  return index >= 0 && sets.has(rule.argv[index + 1] ?? '');
};

/**
 * The kernel keeps a set that a rule names. Where a set must be made anew, the rules that name it are taken out first; the plan puts them back,
 * since it compares against the state that this leaves.
 */
export function detached(
  actual: NodeState,
  changes: readonly Change[],
): { readonly state: NodeState; readonly changes: readonly Change[] } {
  const remade = new Set(
    changes.flatMap(change => (change.verb === 'change' && change.before.kind === 'set' ? [change.before.name] : [])),
  );
  if (remade.size === 0) return { state: actual, changes: [] };
  const state = new Map(actual);
  const detaching: Change[] = [];
  for (const chain of elementsOf(actual, 'chain')) {
    const rules = chain.rules.filter(rule => !namesSet(rule, remade));
    if (rules.length === chain.rules.length) continue;
    const after: Chain = { ...chain, rules };
    state.set(`chain ${chain.family} ${chain.table} ${chain.name}`, after);
    detaching.push({
      verb: 'change',
      before: chain,
      after,
      reasons: [
        {
          servicePort: undefined,
          why: 'a set that its rules name must be made anew, which the kernel refuses while they name it',
        },
      ],
    });
  }
  return { state, changes: detaching };
}
