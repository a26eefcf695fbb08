import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fieldOf, isMapping, type KubeObject, listOf, type Mapping, mappingOf } from '../objects/object.js';
import { isRunning } from './is-running.js';

/**
 * Returns the Pod as a kubelet would report it: ready as long as its server runs. The number of the server's process is
 * in a file `NAME.pid` of the folder. A Pod without such a file keeps its condition.
 */
export function withReadiness(pod: KubeObject, folder: string | undefined): KubeObject {
  const server = folder === undefined ? undefined : serverOf(folder, pod.metadata.name);
  if (server === undefined) return pod;
  const isReady = isRunning(server);
  const status = mappingOf(pod.status);
  const types = ['Ready', 'ContainersReady'];
  const others = listOf(status.conditions).filter(condition => !types.includes(String(fieldOf(condition, 'type'))));
  const known = listOf(status.conditions).filter(condition => types.includes(String(fieldOf(condition, 'type'))));
  const ready = known.length > 0 ? known : [{ type: 'Ready' }];
  const conditions = [...others, ...ready.map(condition => readyCondition(mappingOf(condition), isReady, pod))];
  return { ...pod, status: { ...status, conditions, ...containerStatuses(status, isReady) } };
}

function serverOf(folder: string, pod: string): number | undefined {
  try {
    return Number(readFileSync(join(folder, `${pod}.pid`), 'utf8').trim());
  } catch {
    return undefined;
  }
}

function readyCondition({ reason: _, message: __, ...condition }: Mapping, isReady: boolean, pod: KubeObject): Mapping {
  if (isReady) return { ...condition, status: 'True' };
  const names = listOf(pod.spec?.containers).map(container => String(fieldOf(container, 'name')));
  const message = `containers with unready status: [${names.join(' ')}]`;
  return { ...condition, status: 'False', reason: 'ContainersNotReady', message };
}

function containerStatuses(status: Mapping, ready: boolean): Mapping {
  if (!Array.isArray(status.containerStatuses)) return {};
  return { containerStatuses: status.containerStatuses.filter(isMapping).map(container => ({ ...container, ready })) };
}
