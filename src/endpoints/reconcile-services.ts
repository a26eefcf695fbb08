import type { Cluster } from '../cluster/cluster.js';
import type { Endpoints } from '../cluster/schema/endpoints.js';
import { type EndpointsDecision, reconcileEndpoints } from './reconcile-endpoints.js';
import { indexPods } from './pod-index.js';
import { invalidObjectBehind, type SelectedServices } from './select-services.js';

export interface Judgement {
  readonly verdicts: readonly EndpointsDecision[];
  /** A line about each Service whose Endpoints cannot be told, and stay as they are. */
  readonly untold: readonly string[];
}

/** Decides for each Service what its Endpoints object should be. */
export function reconcileServices(
  cluster: Pick<Cluster, 'pods' | 'endpoints'>,
  { services, invalid }: Pick<SelectedServices, 'services' | 'invalid'>,
): Judgement {
  const pods = indexPods(cluster.pods);
  const existing = new Map(cluster.endpoints.map(object => [nameOf(object), object]));
  const untold: string[] = [];
  const verdicts = services.flatMap(service => {
    const verdict = reconcileEndpoints(service, pods, existing.get(nameOf(service)));
    const behind = invalidObjectBehind(service, invalid);
    if (behind === undefined || verdict.is === 'left alone') return [verdict];
    untold.push(
      `endpoints/${service.metadata.name} is left as it is: ${behind.kind} ${JSON.stringify(behind.name)} cannot be used`,
    );
    return [];
  });
  return { verdicts, untold };
}

const nameOf = ({ metadata }: Pick<Endpoints, 'metadata'>): string => `${metadata.namespace}/${metadata.name}`;
