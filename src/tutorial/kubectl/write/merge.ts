import { type Table, table } from '../../../table.js';
import { isEqual, isMapping, type Mapping, mappingOf } from '../objects/object.js';

/** The fields by which elements of a list are told apart in a merge, by the list's name. Other lists are replaced. */
const mergeKeys: Table<readonly string[]> = table({
  'spec.ports': ['port'],
  'spec.containers': ['name'],
  'status.conditions': ['type'],
});

export interface Merged {
  readonly value: unknown;
  /** True if the merge wants anything to be other than it is. */
  readonly isChanged: boolean;
}

/**
 * Returns the live object with what a manifest says, without what the manifest before it said and this one does not,
 * and with everything else as it is: what `kubectl apply` does.
 * @param original the manifest before, or an empty mapping
 */
export function threeWayMerge(original: unknown, manifest: unknown, live: unknown, path = ''): Merged {
  if (isMapping(manifest)) return mergeMappings(mappingOf(original), manifest, live, path);
  const keys = mergeKeys[path];
  if (keys !== undefined && Array.isArray(manifest) && Array.isArray(live))
    return mergeLists(Array.isArray(original) ? original : [], manifest, live, path, keys);
  return { value: manifest, isChanged: !isEqual(manifest, live) };
}

function mergeMappings(original: Mapping, manifest: Mapping, live: unknown, path: string): Merged {
  const result: Record<string, unknown> = { ...mappingOf(live) };
  let isChanged = !isMapping(live);
  const remove = (name: string) => {
    isChanged ||= name in result;
    delete result[name];
  };
  for (const name of Object.keys(original)) if (!(name in manifest)) remove(name);
  for (const [name, field] of Object.entries(manifest)) {
    if (field === null) remove(name);
    else {
      const merged = threeWayMerge(original[name], field, result[name], path === '' ? name : `${path}.${name}`);
      isChanged ||= merged.isChanged;
      result[name] = merged.value;
    }
  }
  return { value: result, isChanged };
}

function mergeLists(
  original: readonly unknown[],
  manifest: readonly unknown[],
  live: readonly unknown[],
  path: string,
  keys: readonly string[],
): Merged {
  const keyOf = (item: unknown) => JSON.stringify(keys.map(key => mappingOf(item)[key]));
  const isIn = (list: readonly unknown[], item: unknown) => list.some(other => keyOf(other) === keyOf(item));
  const kept = live.filter(item => isIn(manifest, item) || !isIn(original, item));
  const added = manifest.filter(item => !isIn(live, item));
  const merged = kept.map(item => {
    const wanted = manifest.find(other => keyOf(other) === keyOf(item));
    const before = original.find(other => keyOf(other) === keyOf(item));
    return wanted === undefined ? { value: item, isChanged: false } : threeWayMerge(before, wanted, item, `${path}[]`);
  });
  const isChanged = kept.length < live.length || added.length > 0 || merged.some(element => element.isChanged);
  return { value: [...merged.map(({ value }) => value), ...added], isChanged };
}

/**
 * Returns the value with a patch: fields are merged, and null removes.
 * @param replacesLists true for RFC 7386. Else the elements of some lists are merged by their keys.
 */
export function mergePatch(value: unknown, patch: unknown, replacesLists: boolean): unknown {
  if (!replacesLists) return threeWayMerge({}, patch, value).value;
  if (!isMapping(patch)) return patch;
  const result: Record<string, unknown> = { ...mappingOf(value) };
  for (const [name, field] of Object.entries(patch)) {
    if (field === null) delete result[name];
    else result[name] = mergePatch(result[name], field, true);
  }
  return result;
}
