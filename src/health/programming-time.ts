import type { ObjectChange } from '../cluster/store.js';

/** Written by the controllers of EndpointSlices and Endpoints: when the Pod or the Service changed that made them write. */
const triggerAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time';

export interface ProgrammingTime {
  /** When this process began: what was caused before is not its doing. */
  readonly since: Date;
  readonly now: Date;
}

/**
 * For each change of endpoints, the seconds from its cause to now (kube-proxy's `network_programming_duration_seconds`). Objects that are gone
 * do not count: what they say is the time of the change before. Nor do causes in the future, where two machines' clocks differ.
 */
export function programmingSeconds(
  changes: readonly ObjectChange[],
  { since, now }: ProgrammingTime,
): readonly number[] {
  return changes
    .filter(({ kind }) => kind === 'EndpointSlice' || kind === 'Endpoints')
    .map(({ after }) => Date.parse(after?.metadata.annotations?.[triggerAnnotation] ?? ''))
    .filter(cause => cause > since.getTime() && cause <= now.getTime())
    .map(cause => (now.getTime() - cause) / 1_000);
}
