import type { ClusterKind } from './kinds.js';

interface ListSize {
  /** The length of the text, in UTF-16 units. */
  readonly characters: number;
  readonly objects: number;
}

/**
 * The largest list, with all its pages. 10,000 Services are 20 to 40 million characters, and 150,000 endpoints in
 * EndpointSlices 70 million, or 140 million if each has addresses of two families. Parsed, a character takes up to
 * three bytes.
 */
const largestList: ListSize = { characters: 160_000_000, objects: 500_000 };

/** Pods are larger, and only the endpoint controller reads them: 100,000 of 6,000 characters each. */
const largestPodList: ListSize = { characters: 600_000_000, objects: 500_000 };

const largestListOf = (kind: ClusterKind): ListSize => (kind === 'Pod' ? largestPodList : largestList);

/** How much larger than the largest of them the lists may be that are read side by side. */
const together = 5 / 4;

/** What one list takes of the budget. */
export interface ListAccount {
  /**
   * Adds what was read of the list.
   * @throws the budget's error if the list, or the lists that are read now, are too large
   */
  add(read: Partial<ListSize>): void;
  /** Ends the list: it is complete or given up. */
  close(): void;
}

export interface ListBudget {
  open(kind: ClusterKind): ListAccount;
}

/**
 * Limits what lists take of the memory while they are read, each alone and all together. An API server that is broken,
 * or something before it, may send lists without an end.
 * @param tooLarge returns the error for a list, and what of it was read
 */
export function createListBudget(tooLarge: (kind: ClusterKind, detail: string) => Error): ListBudget {
  const open = new Map<ListAccount, { readonly kind: ClusterKind; size: ListSize }>();

  const isOverBudget = (measure: keyof ListSize): boolean => {
    const lists = [...open.values()];
    const largest = Math.max(...lists.map(({ kind }) => largestListOf(kind)[measure]));
    return lists.reduce((sum, { size }) => sum + size[measure], 0) > largest * together;
  };
  return {
    open(kind) {
      const list = { kind, size: { characters: 0, objects: 0 } as ListSize };
      const largest = largestListOf(kind);
      const account: ListAccount = {
        add({ characters = 0, objects = 0 }) {
          list.size = { characters: list.size.characters + characters, objects: list.size.objects + objects };
          const { size } = list;
          if (size.characters > largest.characters || size.objects > largest.objects)
            throw tooLarge(kind, `after ${textOfSize(size)}`);
          if (isOverBudget('characters') || isOverBudget('objects'))
            throw tooLarge(kind, `after ${textOfSize(size)}, beside other lists`);
        },
        close: () => void open.delete(account),
      };
      open.set(account, list);
      return account;
    },
  };
}

const textOfSize = ({ characters, objects }: ListSize): string => `${characters} characters with ${objects} objects`;
