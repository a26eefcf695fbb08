import { isEqual, type KubeObject, listOf, type Mapping, mappingOf } from '../objects/object.js';

/** What may change in a Pod's spec, as the API server says it. */
const changeable =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
  '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** Returns what the API server finds wrong with a Pod. */
export function podProblems(pod: KubeObject, old: KubeObject | undefined): readonly string[] {
  if (listOf(pod.spec?.containers).length === 0) return ['spec.containers: Required value'];
  if (old === undefined || isEqual(withoutImages(pod.spec), withoutImages(old.spec))) return [];
  return [`spec: Forbidden: ${changeable}`];
}

function withoutImages(spec: Mapping | undefined): Mapping {
  const containers = listOf(spec?.containers).map(container => ({ ...mappingOf(container), image: '' }));
  return { ...spec, containers };
}

/** A new Pod stays pending: no scheduler and no kubelet is at work. */
export const newPodStatus: Mapping = { phase: 'Pending', qosClass: 'BestEffort' };
