import { isMapping } from '../../cluster/objects.js';
import { type Table, table } from '../../table.js';
import { fieldPaths, isFieldPath } from './fields.js';
import { valueText } from './value-text.js';

export interface Structure {
  /** Paths of fields that Kubernetes does not have. kube-proxy warns of them and ignores them. */
  readonly unknown: readonly string[];
  /** What is wrong with the mappings that hold the fields. */
  readonly problems: readonly string[];
}

/** `ipvs`, `logging.options`: everything above a field. */
const groups: ReadonlySet<string> = new Set(
  fieldPaths.flatMap(path => {
    const keys = path.split('.');
    return keys.slice(1).map((_, index) => keys.slice(0, index + 1).join('.'));
  }),
);

const header: Table<string> = table({
  apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
  kind: 'KubeProxyConfiguration',
});

/** Returns which fields of a KubeProxyConfiguration do not exist, and which mappings are none. */
export function structureOf(value: Readonly<Record<string, unknown>>): Structure {
  const unknown: string[] = [];
  const problems = Object.entries(header).flatMap(([key, expected]) => headerProblem(key, expected, value[key]));
  const visit = (mapping: Readonly<Record<string, unknown>>, prefix: string): void => {
    for (const [key, child] of Object.entries(mapping)) {
      const path = `${prefix}${key}`;
      if (groups.has(path)) {
        if (isMapping(child)) visit(child, `${path}.`);
        else if (child !== null) problems.push(`${path}: must be a mapping: ${valueText(child)}`);
      } else if (!isFieldPath(path) && !Object.hasOwn(header, path)) unknown.push(path);
    }
  };
  visit(value, '');
  return { unknown, problems };
}

function headerProblem(key: string, expected: string, actual: unknown): readonly string[] {
  if (actual === expected) return [];
  return [`${key}: must be ${expected}${actual === undefined ? '' : `: ${valueText(actual)}`}`];
}

/** Returns the field that is meant by a name in other letters: `clusterCIDR` for `clusterCidr`. */
export const fieldMeantBy = (path: string): string | undefined =>
  fieldPaths.find(known => known.toLowerCase() === path.toLowerCase());
