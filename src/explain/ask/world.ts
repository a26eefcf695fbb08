import type { Cluster } from '../../cluster/cluster.js';
import type { Datapath } from '../../node/datapath/datapath.js';
import type { NodeFacts } from '../../node/facts.js';
import type { ProxyOptions } from '../../proxy/options.js';

/** What a question is asked of: the cluster, and the node that the packets pass. */
export interface World {
  readonly cluster: Cluster;
  readonly proxy: ProxyOptions;
  readonly facts: NodeFacts;
  readonly datapath: Datapath;
  /** Addresses of the machine's network namespaces, among them those of Pods. Undefined if they were not read. */
  readonly namespaceAddresses?: readonly string[];
}
