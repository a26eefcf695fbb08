import type { Cluster } from '../cluster/cluster.js';
import { namespacedName } from '../cluster/names.js';
import type { Remark } from '../cluster/remark.js';
import type { Endpoints } from '../cluster/schema/endpoints.js';
import type { EndpointsDecision } from './decision.js';
import { indexPods } from './pod-index.js';
import { reconcileEndpoints } from './reconcile-endpoints.js';
import { invalidObjectBehind, type SelectedServices } from './select-services.js';

export interface Reconciliation {
  readonly decisions: readonly EndpointsDecision[];
  /** One line for each Service whose Endpoints object is left unchanged because an invalid object decides about it. */
  readonly warnings: readonly Remark[];
}

/** Decides for each Service what its Endpoints object should be. */
export function reconcileServices(
  cluster: Pick<Cluster, 'pods' | 'endpoints'>,
  { services, invalid }: Pick<SelectedServices, 'services' | 'invalid'>,
): Reconciliation {
  const pods = indexPods(cluster.pods);
  const existing = new Map(cluster.endpoints.map(object => [keyOf(object), object]));
  const warnings: Remark[] = [];
  const decisions = services.flatMap(service => {
    const decision = reconcileEndpoints(service, pods, existing.get(keyOf(service)));
    const behind = invalidObjectBehind(service, invalid);
    if (behind === undefined || decision.outcome === 'left alone') return [decision];
    const { namespace, name } = service.metadata;
    const line = `endpoints/${name} is left unchanged: ${behind.kind} ${JSON.stringify(behind.name)} is invalid`;
    warnings.push({ about: `Service ${namespacedName(service.metadata)}`, namespace, line });
    return [];
  });
  return { decisions, warnings };
}

const keyOf = ({ metadata }: Pick<Endpoints, 'metadata'>): string => namespacedName(metadata);
