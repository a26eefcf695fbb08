import { type Node, nodeSchema } from '../../../src/cluster/schema/node.js';

/** Returns a Node object that is eligible unless the arguments say otherwise. */
export const node = (metadata: object = {}, spec: object = {}): Node =>
  nodeSchema.parse({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'inajob', ...metadata }, spec });

/** Returns a Node object with the cluster autoscaler's taint. */
export const nodeBeingRemoved = (): Node =>
  node({}, { taints: [{ key: 'ToBeDeletedByClusterAutoscaler', value: '1', effect: 'NoSchedule' }] });
