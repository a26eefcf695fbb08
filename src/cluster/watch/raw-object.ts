import { type ClusterKind, clusterKinds } from '../kinds.js';
import { isMapping, type RawObject, textOf } from '../objects.js';

/**
 * Returns an item of a list or the object of an event as a RawObject, or undefined if it is not of this kind. Adds the
 * kind, which the items of a list leave out. Drops `managedFields`, which are often larger than all other fields.
 */
export function rawObjectOf(kind: ClusterKind, source: string, value: unknown): RawObject | undefined {
  if (!isMapping(value) || !isMapping(value.metadata) || textOf(value.metadata.name) === '') return undefined;
  if ((value.kind ?? kind) !== kind) return undefined;
  const { managedFields: _, ...metadata } = value.metadata;
  return { source, value: { apiVersion: clusterKinds[kind].apiVersion, kind, ...value, metadata } };
}

/** A version becomes part of the next request's path. etcd's have at most 20 digits. */
const longestVersion = 128;

/** Returns an object's resourceVersion, or an empty text if it has none or one that no API server gives. */
export function resourceVersionOf(value: unknown): string {
  const version = isMapping(value) && isMapping(value.metadata) ? textOf(value.metadata.resourceVersion) : '';
  return version.length > longestVersion ? '' : version;
}
