import type { ActualState } from '../node/actual-state.js';
import type { Element } from '../node/element.js';
import type { Reasons } from '../node/reason.js';
import { type ElementLookup, type NodeState, together } from '../node/state.js';

/** A chain or set that stays on the node, empty, because other software uses it. */
export interface InUse {
  readonly element: Element;
  /** The rules and sets that use it. */
  readonly users: readonly string[];
}

/**
 * Returns kproxy's chains and sets that are not desired and that other software uses, by key. The kernel does not let
 * them be removed. One of them in a batch would keep all the others.
 */
export function elementsInUse({ state, foreignUses }: ActualState, desired: ElementLookup): ReadonlyMap<string, InUse> {
  const found = new Map<string, InUse>();
  for (const [key, users] of foreignUses) {
    const present = state.get(key);
    if (present === undefined || desired.has(key)) continue;
    found.set(key, { element: present.kind === 'chain' ? { ...present, rules: [] } : present, users });
  }
  return found;
}

interface WithReasons {
  readonly state: NodeState;
  readonly reasons: Reasons;
}

/** Adds to a desired state what must stay. */
export function withInUse<State extends WithReasons>(desired: State, inUse: ReadonlyMap<string, InUse>): State {
  if (inUse.size === 0) return desired;
  const { state, reasons } = desired;
  return {
    ...desired,
    state: together(new Map(Array.from(inUse, ([key, { element }]) => [key, element])), state),
    reasons: {
      ...reasons,
      of: key => {
        const found = inUse.get(key);
        return found === undefined ? reasons.of(key) : [{ servicePort: undefined, why: whyInUse(found) }];
      },
    },
  };
}

const whyInUse = ({ users }: InUse): string => `It stays, empty, because other software uses it: ${users.join('; ')}.`;
