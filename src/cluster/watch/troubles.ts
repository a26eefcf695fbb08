import type { ClusterKind } from '../kinds.js';

export interface Trouble {
  /** What it is, in words that are the same each time. */
  readonly what: string;
  readonly line: string;
}

/** What is wrong at the moment, told once until it changes, and once for all kinds that share it. */
export interface Troubles {
  tell(kind: ClusterKind, trouble: Trouble): void;
  /** Returns whether there was any trouble that is over now. */
  over(kind: ClusterKind): boolean;
}

export function createTroubles(onTrouble: (line: string) => void): Troubles {
  const present = new Map<ClusterKind, string>();
  const isPresent = (what: string): boolean => [...present.values()].includes(what);
  return {
    tell(kind, { what, line }) {
      const isKnown = isPresent(what);
      present.set(kind, what);
      if (!isKnown) onTrouble(line);
    },
    over(kind) {
      const what = present.get(kind);
      if (what === undefined) return false;
      present.delete(kind);
      if (!isPresent(what)) onTrouble(`over, the cluster is followed again: ${what}`);
      return true;
    },
  };
}
