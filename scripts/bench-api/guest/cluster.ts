import { internalAddress, nodeNameOf } from './node-object.js';

/** The cluster beside its Nodes: one large Service, many small ones, and some that are headless. */
export const largeService = { name: 'large', pods: 500 } as const;
const smallServices = 180;
const headlessServices = 20;
const podsOfOthers = 2;
/** The Pods run on so many Nodes, 90 on each. The slices of a Pod need its Node. */
export const nodesWithPods = 10;

interface PlannedService {
  readonly name: string;
  readonly isHeadless: boolean;
  readonly pods: number;
}

const services: readonly PlannedService[] = [
  { ...largeService, isHeadless: false },
  ...Array.from({ length: smallServices }, (_, index) => planned(`small-${index}`, false)),
  ...Array.from({ length: headlessServices }, (_, index) => planned(`headless-${index}`, true)),
];

function planned(name: string, isHeadless: boolean): PlannedService {
  return { name, isHeadless, pods: podsOfOthers };
}

/** The endpoints of all Services that nodes serve. */
export const endpointCount = services.reduce((sum, { isHeadless, pods }) => sum + (isHeadless ? 0 : pods), 0);

export const serviceObjects = services.map(({ name, isHeadless }) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default', labels: labelsOf(name) },
  spec: {
    ...(isHeadless && { clusterIP: 'None' }),
    ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 'http' }],
    selector: labelsOf(name),
  },
}));

function labelsOf(name: string) {
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': name };
}

const podNameOf = (service: string, index: number): string =>
  `${service}-7c9d8f6b5-${index.toString(36).padStart(5, 'x')}`;

/** The Pod whose readiness flips. */
export const flippingPod = podNameOf(largeService.name, 0);

const pods = services
  .flatMap(({ name, pods }) =>
    Array.from({ length: pods }, (_, index) => ({ service: name, pod: podNameOf(name, index) })),
  )
  .map((pod, index) => ({ ...pod, node: index % nodesWithPods, place: Math.floor(index / nodesWithPods) + 2 }));

export const podObjects = pods.map(({ service, pod, node }) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: pod, namespace: 'default', labels: { ...labelsOf(service), 'pod-template-hash': '7c9d8f6b5' } },
  spec: {
    nodeName: nodeNameOf(node),
    containers: [
      { name: 'server', image: 'registry.example.com/server:v1', ports: [{ name: 'http', containerPort: 8080 }] },
    ],
  },
}));

/** The statuses that kubelets give the Pods, in the order of the Pods. */
export const podStatuses = pods.map(({ node, place }) => ({
  status: {
    phase: 'Running',
    hostIP: internalAddress(node),
    podIP: `10.64.${node}.${place}`,
    podIPs: [{ ip: `10.64.${node}.${place}` }],
    ...readiness(true),
  },
}));

/** Returns the part of a Pod's status that says whether it is ready. */
export function readiness(isReady: boolean) {
  return { conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }] };
}
