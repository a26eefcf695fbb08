import type { Node } from '../cluster/schema/node.js';

export interface SyncHealthOptions {
  readonly syncPeriodMilliseconds: number;
  /** The time of day, for what is reported. */
  readonly now: () => Date;
  /** Milliseconds on a clock that never jumps, for what is decided. */
  readonly monotonic?: () => number;
}

/** How well the node is kept in line with the cluster. Both IP families are programmed together, so that there is one state for both. */
export interface SyncHealth {
  /** A change waits to be programmed, or what was to be programmed has failed. */
  queued(): void;
  /** The node has been brought in line. */
  synced(): void;
  /** This node's object as it is now; undefined where the cluster has none. */
  node(node: Node | undefined): void;
  /** Whether nothing has waited for twice the sync period or longer. */
  isAlive(): boolean;
  /** Alive, and has brought the node in line once. */
  isProgramming(): boolean;
  /** False for a node that goes: it is being deleted, or the cluster autoscaler has marked it. */
  isNodeEligible(): boolean;
  /** Whether a load balancer should send traffic to this node: programming, and the node eligible. */
  isHealthy(): boolean;
  /** When the node was last brought in line. */
  lastSynced(): Date | undefined;
  readonly now: () => Date;
}

/** kube-proxy's rules (pkg/proxy/healthcheck of Kubernetes 1.37), but that a node on which nothing was programmed yet is not healthy. */
export function syncHealth(options: SyncHealthOptions): SyncHealth {
  const { syncPeriodMilliseconds, now, monotonic = () => performance.now() } = options;
  let waitingSince: number | undefined;
  let last: Date | undefined;
  let known: { readonly eligible: boolean } | undefined;

  const isAlive = () => waitingSince === undefined || monotonic() - waitingSince < 2 * syncPeriodMilliseconds;
  const isProgramming = () => last !== undefined && isAlive();
  // A reading without Node objects says nothing about the node; one that was there and is gone does.
  const isNodeEligible = () => known?.eligible ?? true;
  return {
    queued: () => {
      waitingSince ??= monotonic();
    },
    synced: () => {
      waitingSince = undefined;
      last = now();
    },
    node: node => {
      if (node !== undefined || known !== undefined) known = { eligible: node !== undefined && isEligible(node) };
    },
    isAlive,
    isProgramming,
    isNodeEligible,
    isHealthy: () => isProgramming() && isNodeEligible(),
    lastSynced: () => last,
    now,
  };
}

/** The cluster autoscaler's mark on a node that it is about to remove. */
const autoscalerTaint = 'ToBeDeletedByClusterAutoscaler';

const isEligible = ({ metadata, spec }: Node): boolean =>
  !metadata.deletionTimestamp && !(spec?.taints ?? []).some(({ key }) => key === autoscalerTaint);
