import type { Pod } from '../cluster/schema/pod.js';

/** Returns the Pods of a namespace that a selector selects. */
export type PodIndex = (namespace: string, selector: Readonly<Record<string, string>>) => readonly Pod[];

/** Indexes Pods by label. Searching all Pods for each of 10,000 Services would take minutes. */
export function indexPods(pods: readonly Pod[]): PodIndex {
  const byNamespace = groupBy(pods, pod => [pod.metadata.namespace]);
  const byLabel = groupBy(pods, pod =>
    Object.entries(pod.metadata.labels ?? {}).map(label => labelKey(pod.metadata.namespace, label)),
  );
  return (namespace, selector) => {
    const candidates = Object.entries(selector).map(label => byLabel.get(labelKey(namespace, label)) ?? []);
    // An empty selector selects all Pods of the namespace, as in Kubernetes' controller.
    const [fewest = byNamespace.get(namespace) ?? []] = candidates.sort((a, b) => a.length - b.length);
    return fewest.filter(pod => matches(selector, pod.metadata.labels));
  };
}

/** Returns true if the labels have every key of the selector with the selector's value. */
export const matches = (
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, unknown>> | null | undefined,
): boolean => Object.entries(selector).every(([key, value]) => labels?.[key] === value);

const labelKey = (namespace: string, label: readonly [string, string]): string => JSON.stringify([namespace, ...label]);

function groupBy<Item>(
  items: readonly Item[],
  keysOf: (item: Item) => readonly string[],
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    for (const key of keysOf(item)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
  }
  return groups;
}
