import type { Selections } from './selection.js';

/** Labels of Services, copied to their EndpointSlices and Endpoints, that nodes do not serve. */
const notForNodes = '!service.kubernetes.io/headless,!service.kubernetes.io/service-proxy-name';

/**
 * Returns what a node asks for: the Services and endpoints that kube-proxy would serve, and its own Node. Other Nodes
 * would send a heartbeat every few minutes each: in a cluster of 5,000 that would be most of the traffic.
 *
 * kube-proxy 1.37 selects Services by the field `spec.clusterIP` and by `service-proxy-name`, and EndpointSlices by
 * `headless` (cmd/kube-proxy/app/server.go); earlier versions use both labels for both kinds. kproxy serves only what
 * passes all of them (`isProxied`), whatever it reads them from.
 */
export const nodeQueries = (nodeName: string): Selections => ({
  Service: { labelSelector: notForNodes, fieldSelector: 'spec.clusterIP!=None', isFieldNew: true },
  EndpointSlice: { labelSelector: notForNodes },
  Endpoints: { labelSelector: notForNodes },
  Node: { fieldSelector: `metadata.name=${nodeName}` },
});
