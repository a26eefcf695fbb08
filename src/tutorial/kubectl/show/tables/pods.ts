import { fieldOf, type KubeObject, listOf, mappingOf } from '../../objects/object.js';
import { ageColumn, type Column } from './column.js';

const none = '<none>';
const textAt = (object: KubeObject, ...path: readonly string[]): string => String(fieldOf(object, ...path) ?? none);

export const podColumns: readonly Column[] = [
  { header: 'READY', cell: readyText },
  { header: 'STATUS', cell: podStatus },
  { header: 'RESTARTS', cell: pod => String(restarts(pod)) },
  ageColumn,
  { header: 'IP', cell: pod => textAt(pod, 'status', 'podIP'), isWide: true },
  { header: 'NODE', cell: pod => textAt(pod, 'spec', 'nodeName'), isWide: true },
  { header: 'NOMINATED NODE', cell: pod => textAt(pod, 'status', 'nominatedNodeName'), isWide: true },
  { header: 'READINESS GATES', cell: () => none, isWide: true },
];

/** Returns how many containers are ready: by their own status, or by the Pod's if no kubelet has reported any. */
function readyText(pod: KubeObject): string {
  const count = listOf(pod.spec?.containers).length;
  const statuses = pod.status?.containerStatuses;
  if (!Array.isArray(statuses)) return `${isReady(pod) ? count : 0}/${count}`;
  return `${statuses.filter(status => fieldOf(status, 'ready') === true).length}/${count}`;
}

export const isReady = (pod: KubeObject): boolean =>
  listOf(pod.status?.conditions).some(
    condition => fieldOf(condition, 'type') === 'Ready' && fieldOf(condition, 'status') === 'True',
  );

export function podStatus(pod: KubeObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) return 'Terminating';
  return String(pod.status?.reason ?? pod.status?.phase ?? 'Unknown');
}

const restarts = (pod: KubeObject): number =>
  listOf(pod.status?.containerStatuses).reduce<number>(
    (sum, status) => sum + Number(mappingOf(status).restartCount ?? 0),
    0,
  );
