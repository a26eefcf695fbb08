import { clusterKinds } from '../cluster/kinds.js';

/** A request that kproxy sends to the API server on a node. */
export interface NeededAccess {
  readonly verb: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly resource: string;
  /** True if kproxy programs the node without it too. */
  readonly isOptional: boolean;
}

const groupOf = (apiVersion: string): string => (apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '');

const kinds = (['Service', 'EndpointSlice', 'Node', 'Endpoints'] as const).flatMap(kind =>
  ['list', 'watch'].map(
    (verb): NeededAccess => ({
      verb,
      group: groupOf(clusterKinds[kind].apiVersion),
      resource: clusterKinds[kind].resource,
      // Without Endpoints objects, kproxy reads EndpointSlices.
      isOptional: kind === 'Endpoints',
    }),
  ),
);

const events = ['create', 'update'].map(
  (verb): NeededAccess => ({ verb, group: 'events.k8s.io', resource: 'events', isOptional: true }),
);

/** Everything that `sync` and `sync --watch` ask the API server for. */
export const neededAccess: readonly NeededAccess[] = [...kinds, ...events];
