import type { Node } from '../cluster/schema/node.js';
import type { Family } from '../net/address.js';

export interface SyncHealthOptions {
  readonly syncPeriodMilliseconds: number;
  /** Returns the time of day, for reports. */
  readonly now: () => Date;
  /** Returns milliseconds of a clock that never jumps, for decisions. */
  readonly monotonic?: () => number;
}

/** Whether the node is kept in sync with the cluster. Both IP families are programmed together and share one state. */
export interface SyncHealth {
  /** Records that a change waits for a sync, or that a sync failed. */
  recordQueued(): void;
  /** Records a successful sync. `served` are the families that the node serves. */
  recordSync(served: readonly Family[]): void;
  /** Sets this node's Node object. Undefined means that the cluster has none. */
  setNode(node: Node | undefined): void;
  /** Returns true if no change has waited for twice the sync period. */
  isAlive(): boolean;
  /** Returns true if alive and synced at least once. */
  isProgramming(): boolean;
  /** Returns false if the node is being deleted or the cluster autoscaler has marked it for removal. */
  isNodeEligible(): boolean;
  /** Returns true if load balancers should send traffic to this node: it is programming and eligible. */
  isHealthy(): boolean;
  /** Returns the time of the last successful sync. */
  lastSyncTime(): Date | undefined;
  /** Returns the families that the last successful sync served. */
  served(): readonly Family[];
  readonly now: () => Date;
}

/**
 * Tracks health by kube-proxy's rules (pkg/proxy/healthcheck of Kubernetes 1.37; eligibility is KEP-3836). Unlike
 * kube-proxy, it reports a node that was never programmed as unhealthy.
 */
export function createSyncHealth(options: SyncHealthOptions): SyncHealth {
  const { syncPeriodMilliseconds, now, monotonic = () => performance.now() } = options;
  let waitingSince: number | undefined;
  let last: Date | undefined;
  let served: readonly Family[] = [];
  /** Undefined until the cluster has had a Node object for this node. */
  let isEligibleNode: boolean | undefined;

  const isAlive = () => waitingSince === undefined || monotonic() - waitingSince < 2 * syncPeriodMilliseconds;
  const isProgramming = () => last !== undefined && isAlive();
  const isNodeEligible = () => isEligibleNode ?? true;
  return {
    recordQueued: () => {
      waitingSince ??= monotonic();
    },
    recordSync: families => {
      waitingSince = undefined;
      served = families;
      last = now();
    },
    setNode: node => {
      // A cluster read without Node objects says nothing about the node, unless the object existed before.
      if (node !== undefined || isEligibleNode !== undefined) isEligibleNode = node !== undefined && isEligible(node);
    },
    isAlive,
    isProgramming,
    isNodeEligible,
    isHealthy: () => isProgramming() && isNodeEligible(),
    lastSyncTime: () => last,
    served: () => served,
    now,
  };
}

/** The cluster autoscaler's taint on a node that it is about to remove. */
const autoscalerTaint = 'ToBeDeletedByClusterAutoscaler';

const isEligible = ({ metadata, spec }: Node): boolean =>
  !metadata.deletionTimestamp && !(spec?.taints ?? []).some(({ key }) => key === autoscalerTaint);
