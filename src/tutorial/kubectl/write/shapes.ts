import type { Kind } from '../objects/kinds.js';
import { any, bool, int32, intOrString, listOfStructs, type Struct, struct, text, textList, texts } from './shape.js';

const metadata = struct('ObjectMeta', {
  name: text,
  generateName: text,
  namespace: text,
  selfLink: text,
  uid: text,
  resourceVersion: text,
  generation: any,
  creationTimestamp: any,
  deletionTimestamp: any,
  deletionGracePeriodSeconds: any,
  labels: texts,
  annotations: texts,
  ownerReferences: any,
  finalizers: textList,
  managedFields: any,
});

const servicePort = struct('ServicePort', {
  name: text,
  protocol: text,
  appProtocol: text,
  port: int32,
  targetPort: intOrString,
  nodePort: int32,
});

const serviceSpec = struct('ServiceSpec', {
  ports: listOfStructs(servicePort),
  selector: texts,
  clusterIP: text,
  clusterIPs: textList,
  type: text,
  externalIPs: textList,
  sessionAffinity: text,
  loadBalancerIP: text,
  loadBalancerSourceRanges: textList,
  externalName: text,
  externalTrafficPolicy: text,
  healthCheckNodePort: int32,
  publishNotReadyAddresses: bool,
  sessionAffinityConfig: any,
  ipFamilies: textList,
  ipFamilyPolicy: text,
  allocateLoadBalancerNodePorts: bool,
  loadBalancerClass: text,
  internalTrafficPolicy: text,
  trafficDistribution: text,
});

const endpointAddress = struct('EndpointAddress', { ip: text, hostname: text, nodeName: text, targetRef: any });
const endpointPort = struct('EndpointPort', { name: text, port: int32, protocol: text, appProtocol: text });

const endpointSubset = struct('EndpointSubset', {
  addresses: listOfStructs(endpointAddress),
  notReadyAddresses: listOfStructs(endpointAddress),
  ports: listOfStructs(endpointPort),
});

const object = (name: string, fields: Struct['fields']): Struct =>
  struct(name, { apiVersion: text, kind: text, metadata, ...fields });

/** What the objects that can be written may have. The fields of Pods and nodes are too many, and not the lesson's. */
export const shapes: Readonly<Partial<Record<Kind['name'], Struct>>> = {
  Service: object('Service', { spec: serviceSpec, status: any }),
  Endpoints: object('Endpoints', { subsets: listOfStructs(endpointSubset) }),
  Pod: object('Pod', { spec: any, status: any }),
  Node: object('Node', { spec: any, status: any }),
};
