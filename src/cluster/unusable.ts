import type { Cluster, InvalidObject } from './cluster.js';
import { kindNames } from './kinds.js';
import { namespacedName } from './names.js';
import { objectsByKind } from './tables.js';

/**
 * Returns the invalid objects that cannot be used and of which no valid version is known. One with the name of a valid
 * object does not count: the API server would have refused it.
 */
export function unusableIn(cluster: Cluster): readonly InvalidObject[] {
  const unusable = cluster.invalid.filter(({ isUsed }) => !isUsed);
  if (unusable.length === 0) return unusable;
  const objects = objectsByKind(cluster);
  const names = new Set(
    kindNames.flatMap(kind => objects[kind].map(({ metadata }) => `${kind} ${namespacedName(metadata)}`)),
  );
  return unusable.filter(object => !names.has(`${object.kind} ${namespacedName(object)}`));
}
