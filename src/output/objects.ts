import { toYaml } from './yaml.js';

export type ObjectFormat = 'json' | 'yaml';

/** Returns objects as a List in kubectl's layout, which `kubectl apply -f -` and `kproxy --from -` read. */
export function formatList(items: readonly object[], format: ObjectFormat): string {
  const list = { apiVersion: 'v1', kind: 'List', items };
  return format === 'json' ? `${JSON.stringify(list, null, 4)}\n` : toYaml(list);
}
