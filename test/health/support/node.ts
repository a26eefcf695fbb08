import { type Node, nodeSchema } from '../../../src/cluster/schema/node.js';

export const node = (metadata: object = {}, spec: object = {}): Node =>
  nodeSchema.parse({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'inajob', ...metadata }, spec });

export const goingNode = (): Node =>
  node({}, { taints: [{ key: 'ToBeDeletedByClusterAutoscaler', value: '1', effect: 'NoSchedule' }] });
