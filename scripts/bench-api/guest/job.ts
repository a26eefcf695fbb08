/** What the benchmark does in the guest. */
export interface Job {
  /** The sizes, in ascending order. */
  readonly nodes: readonly number[];
  /** Path of kproxy.js. */
  readonly kproxy: string;
  /** The folder of etcd, kube-apiserver, kube-controller-manager, kubectl and kube-proxy. */
  readonly programs: string;
  /** Path of scripts/control-plane.sh. */
  readonly script: string;
  /** The API server's port. */
  readonly port: number;
}

/**
 * What is measured, in order. An API server compresses a watch that began with the list, but not one that continues
 * another: so heartbeats and flips are measured again after the watches were renewed, as every watch is within minutes.
 */
export const phases = [
  'lists',
  'heartbeats',
  'flips',
  'renewal',
  'later heartbeats',
  'later flips',
  'quiet minute',
] as const;
export type Phase = (typeof phases)[number];

export const oneShots = ['sync', 'diff'] as const;
export type OneShot = (typeof oneShots)[number];

/** What an API server has sent to one client, and what it was asked for. */
export interface Traffic {
  readonly bytes: number;
  readonly requests: readonly string[];
}

/** What was measured with one number of Nodes. */
export interface Measurement {
  readonly nodes: number;
  /** The bytes of one Node as JSON. */
  readonly nodeBytes: number;
  readonly kproxy: Readonly<Record<Phase, Traffic>>;
  readonly kubeProxy: Readonly<Record<Phase, Traffic>>;
  readonly oneShots: Readonly<Record<OneShot, Traffic>>;
}
