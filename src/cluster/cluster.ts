import type { EndpointSlice } from './schema/endpoint-slice.js';
import type { Endpoints } from './schema/endpoints.js';
import type { Node } from './schema/node.js';
import type { Pod } from './schema/pod.js';
import type { Service } from './schema/service.js';

/** An object that was read but cannot be used: what the node already has for it stays as it is. */
export interface InvalidObject {
  /** Where it was read: a file's path, `stdin`, or the kubectl command. */
  readonly source: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** The Service that the object belongs to, where that can still be told. */
  readonly service: string | undefined;
  readonly labels: Readonly<Record<string, unknown>>;
  /** `spec.ports[0].port: is not a port number (1 to 65535)` */
  readonly problems: readonly string[];
}

/** What was read of the cluster, checked. Arrays are in the order in which they were read. */
export interface Cluster {
  readonly services: readonly Service[];
  readonly endpointSlices: readonly EndpointSlice[];
  readonly endpoints: readonly Endpoints[];
  readonly pods: readonly Pod[];
  readonly nodes: readonly Node[];
  readonly invalid: readonly InvalidObject[];
}
