import { type ClusterKind, clusterKinds } from '../kinds.js';
import { isMapping, type RawObject, textOf } from '../objects.js';

/**
 * An object of a list or of an event as a RawObject: with its kind, which the items of a list leave out, and without
 * `managedFields`, which are often larger than the rest and which nobody here reads. Undefined where it is none of this kind.
 */
export function rawObjectOf(kind: ClusterKind, source: string, value: unknown): RawObject | undefined {
  if (!isMapping(value) || !isMapping(value.metadata) || textOf(value.metadata.name) === '') return undefined;
  if ((value.kind ?? kind) !== kind) return undefined;
  const { managedFields: _, ...metadata } = value.metadata;
  return { source, value: { apiVersion: clusterKinds[kind].apiVersion, kind, ...value, metadata } };
}

export function resourceVersionOf(value: unknown): string {
  return isMapping(value) && isMapping(value.metadata) ? textOf(value.metadata.resourceVersion) : '';
}
