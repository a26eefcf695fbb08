import type { Cluster } from '../cluster/cluster.js';
import { namespacedName } from '../cluster/names.js';
import { type EndpointsVerdict, judgeEndpoints } from './controller.js';
import { indexPods } from './pod-index.js';
import { invalidObjectBehind, type SelectedServices } from './select-services.js';

export interface Judgement {
  readonly verdicts: readonly EndpointsVerdict[];
  /** A line about each Service whose Endpoints cannot be told, and stay as they are. */
  readonly untold: readonly string[];
}

/** Decides for each Service what its Endpoints object should be. */
export function judgeServices(
  cluster: Pick<Cluster, 'pods' | 'endpoints'>,
  { services, invalid }: Pick<SelectedServices, 'services' | 'invalid'>,
): Judgement {
  const pods = indexPods(cluster.pods);
  const existing = new Map(cluster.endpoints.map(object => [namespacedName(object.metadata), object]));
  const untold: string[] = [];
  const verdicts = services.flatMap(service => {
    const verdict = judgeEndpoints(service, pods, existing.get(namespacedName(service.metadata)));
    const behind = invalidObjectBehind(service, invalid);
    if (behind === undefined || verdict.is === 'left alone') return [verdict];
    untold.push(
      `endpoints/${service.metadata.name} is left as it is: ${behind.kind} ${JSON.stringify(behind.name)} cannot be used`,
    );
    return [];
  });
  return { verdicts, untold };
}
