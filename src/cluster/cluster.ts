import type { ClusterKind } from './kinds.js';
import type { NodeAddresses } from './node-addresses.js';
import type { EndpointSlice } from './schema/endpoint-slice.js';
import type { Endpoints } from './schema/endpoints.js';
import type { Node } from './schema/node.js';
import type { Pod } from './schema/pod.js';
import type { Service } from './schema/service.js';
import type { ServiceTraces } from './service-traces.js';

/** An object that was read but cannot be used, or not in all its parts. */
export interface InvalidObject {
  /**
   * True if the object is used without the parts that the problems name. Else what the node already has for it is kept,
   * as far as the object still says what that is.
   */
  readonly isUsed: boolean;
  /** A file's path, `stdin`, or the kubectl command that read it. */
  readonly source: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** The name of the Service that the object belongs to, if the object still says so. */
  readonly service: string | undefined;
  readonly labels: Readonly<Record<string, unknown>>;
  /** `spec.ports[0].port: is not a port number (1 to 65535): 70000` */
  readonly problems: readonly string[];
  /** What an unusable Service, or an object whose kind is misspelt, says of the elements that it may have on nodes. */
  readonly traces: ServiceTraces | undefined;
}

/** The checked objects of a cluster, in the order in which they were read. */
export interface Cluster {
  readonly services: readonly Service[];
  readonly endpointSlices: readonly EndpointSlice[];
  readonly endpoints: readonly Endpoints[];
  readonly pods: readonly Pod[];
  readonly nodes: readonly Node[];
  readonly invalid: readonly InvalidObject[];
  /** How objects were read that are used in full, in lines for the user. */
  readonly notes: readonly string[];
  /** Addresses of Nodes that are not among `nodes`. Undefined if nothing asked for them. */
  readonly nodeAddresses?: NodeAddresses | undefined;
  /** Kinds whose objects are not known, although a node may depend on them. Undefined means none. */
  readonly unread?: readonly ClusterKind[];
}
