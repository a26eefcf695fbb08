import { isEndpointKind } from '../cluster/kinds.js';
import type { ObjectChange } from '../cluster/store.js';

/** Set by the controllers of both kinds to the time of the Pod's or Service's change that made them write. */
const triggerAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time';

export interface ProgrammingTime {
  /** The start of this process. Earlier causes do not count. */
  readonly since: Date;
  readonly now: Date;
}

/**
 * Returns the seconds from cause to now for each change of endpoints, as kube-proxy counts them in
 * `network_programming_duration_seconds`. Skips deleted objects, because their annotation has the time of the previous
 * change, and causes in the future, because clocks of two machines differ.
 */
export function programmingSeconds(
  changes: readonly ObjectChange[],
  { since, now }: ProgrammingTime,
): readonly number[] {
  return changes
    .filter(({ kind }) => isEndpointKind(kind))
    .map(({ after }) => Date.parse(after?.metadata.annotations?.[triggerAnnotation] ?? ''))
    .filter(cause => cause > since.getTime() && cause <= now.getTime())
    .map(cause => (now.getTime() - cause) / 1_000);
}
