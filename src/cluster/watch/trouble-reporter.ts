import type { ClusterKind } from '../kinds.js';

interface Trouble {
  /** What is wrong, in the same words each time. */
  readonly what: string;
  readonly line: string;
}

/** Reports the present trouble once until it changes, and once for all kinds that share it. */
export interface TroubleReporter {
  report(kind: ClusterKind, trouble: Trouble): void;
  /** Reports that a kind's trouble is over. Returns true if there was any. */
  resolve(kind: ClusterKind): boolean;
  /** Drops the trouble of a kind that is not followed any more. */
  forget(kind: ClusterKind): void;
}

export function createTroubleReporter(onTrouble: (line: string) => void): TroubleReporter {
  const present = new Map<ClusterKind, string>();
  const isPresent = (what: string): boolean => [...present.values()].includes(what);
  return {
    report(kind, { what, line }) {
      const isReported = isPresent(what);
      present.set(kind, what);
      if (!isReported) onTrouble(line);
    },
    resolve(kind) {
      const what = present.get(kind);
      if (what === undefined) return false;
      present.delete(kind);
      if (!isPresent(what)) onTrouble(`over, the cluster is followed again: ${what}`);
      return true;
    },
    forget: kind => void present.delete(kind),
  };
}
