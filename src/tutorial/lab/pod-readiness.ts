import type { PlainObject } from '../plain-object.js';

/** Returns a Pod whose conditions say whether its server runs, as its kubelet would report. */
export function withReadiness(pod: PlainObject, isReady: boolean): PlainObject {
  const status = (pod.status ?? {}) as PlainObject;
  const conditions = Array.isArray(status.conditions) ? (status.conditions as readonly PlainObject[]) : [];
  const renewed = conditions.map(condition =>
    condition.type === 'Ready' ? { ...condition, status: isReady ? 'True' : 'False' } : condition,
  );
  return { ...pod, status: { ...status, conditions: renewed } };
}
