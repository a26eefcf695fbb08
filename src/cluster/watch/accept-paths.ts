import type { ClusterKind } from '../kinds.js';
import { listPath } from '../list-path.js';

/** A placeholder that URL encoding does not change. */
const anyNamespace = 'NAMESPACE';

/**
 * Returns the regular expression of the paths that kubectl proxy lets through: the lists of these kinds. It is in Go's
 * syntax and without a comma, because kubectl splits the option at commas.
 */
export function acceptedPaths(kinds: readonly ClusterKind[]): string {
  const paths = kinds.flatMap(kind => [listPath(kind, undefined), listPath(kind, anyNamespace)]);
  const patterns = [...new Set(paths)].map(path => path.replaceAll('.', '\\.').replace(anyNamespace, '[^/]+'));
  return `^(${patterns.join('|')})$`;
}
