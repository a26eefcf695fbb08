import type { ClusterKind } from '../kinds.js';
import { listPath } from '../list-path.js';

/** A placeholder that URL encoding does not change. */
const anyNamespace = 'NAMESPACE';

/** The Events of a namespace, and one of them. */
const events = '/apis/events\\.k8s\\.io/v1/namespaces/[^/]+/events(/[^/]+)?';

/**
 * Returns the regular expression of the paths that kubectl proxy lets through: the lists of these kinds, and Events if
 * they are written. It is in Go's syntax and without a comma, because kubectl splits the option at commas.
 */
export function acceptedPaths(kinds: readonly ClusterKind[], writesEvents = false): string {
  const paths = kinds.flatMap(kind => [listPath(kind, undefined), listPath(kind, anyNamespace)]);
  const patterns = [...new Set(paths)].map(path => path.replaceAll('.', '\\.').replace(anyNamespace, '[^/]+'));
  return `^(${[...patterns, ...(writesEvents ? [events] : [])].join('|')})$`;
}
