import type { ClusterKind } from '../kinds.js';
import { listPath } from '../kubectl.js';

/** A placeholder that stays as it is in a path. */
const anyNamespace = 'NAMESPACE';

/** The regular expression (Go's, no comma in it) of the paths that kubectl proxy lets through: the lists of these kinds. */
export function acceptedPaths(kinds: readonly ClusterKind[]): string {
  const paths = kinds.flatMap(kind => [listPath(kind, undefined), listPath(kind, anyNamespace)]);
  const patterns = [...new Set(paths)].map(path => path.replaceAll('.', '\\.').replace(anyNamespace, '[^/]+'));
  return `^(${patterns.join('|')})$`;
}
