import type { InParts } from '../breath.js';
import type { Family } from '../net/address.js';
import { isInNetwork } from '../net/network.js';
import type { Element, VirtualServerAddress } from '../node/element.js';
import { virtualServerKey } from '../node/kinds/virtual-server.js';
import { familyOfSet, ipvsDevice } from '../node/names.js';
import type { ElementLookup, NodeState } from '../node/state.js';
import { evidenceIn, evidenceInParts, type FindEvidence, lazily, listedServers } from './evidence.js';

export interface OwnershipOptions {
  /** The node's own addresses, on which node ports are served. */
  readonly nodeAddresses: ReadonlySet<string>;
  /** Networks whose virtual servers belong to other software. */
  readonly excludeCidrs: readonly string[];
  /** The virtual servers of a programmed part that other software had made when the whole node was read. */
  readonly foreign?: readonly VirtualServerAddress[] | undefined;
  /** What the cluster's Services claim. */
  readonly claimed: ElementLookup;
  /** True for a part of a node that kproxy itself programmed: every other virtual server in it is then kproxy's. */
  readonly isProgrammed: boolean;
  /** Families whose rules cannot be read. Their sets stay, because those rules may name them. */
  readonly unknownRules: ReadonlySet<Family>;
}

/** Returns true if an element on the node is kproxy's to remove. */
export type IsOwn = (element: Element) => boolean;

/** What on a node is kproxy's. */
export interface Ownership {
  readonly isOwn: IsOwn;
  /**
   * Returns true if a virtual server is still known as kproxy's after VIPs and other virtual servers have been removed.
   */
  readonly isInSets: (server: VirtualServerAddress) => boolean;
  /** Searches the node for evidence now, and yields in between. Else the first question does that at once. */
  readonly prepare?: () => InParts<void>;
}

/**
 * Returns which elements of a node are kproxy's: its sets and chains by name, the IPVS device with its addresses, and
 * virtual servers by evidence (`evidence.ts`). Modules, sysctls and timeouts are set and never removed.
 */
export function ownership(actual: NodeState, options: OwnershipOptions): Ownership {
  const { nodeAddresses, claimed, isProgrammed, unknownRules } = options;
  const sources = { actual, nodeAddresses, claimed };
  let prepared: FindEvidence | undefined;
  const evidence = lazily(() => prepared ?? evidenceIn(sources));
  const isListed = lazily(() => listedServers(actual, nodeAddresses));
  const foreign = new Set(options.foreign?.map(virtualServerKey));
  const isExcluded = ({ address }: VirtualServerAddress) =>
    options.excludeCidrs.some(network => isInNetwork(address, network));
  function isOwnServer(server: VirtualServerAddress): boolean {
    if (isProgrammed) return foreign.size === 0 || !foreign.has(virtualServerKey(server));
    // kproxy may have made it there for a Service, which its sets show.
    return isExcluded(server) ? isListed()(server) : evidence()(server) !== undefined;
  }
  return {
    *prepare() {
      prepared ??= yield* evidenceInParts(sources);
    },
    isInSets: server => evidence()(server) === 'sets',
    isOwn: element => {
      switch (element.kind) {
        case 'set':
          return !unknownRules.has(familyOfSet(element.name));
        case 'module':
        case 'sysctl':
        case 'ipvs-timeouts':
          return false;
        case 'link':
          return element.name === ipvsDevice;
        case 'virtual-server':
          return isOwnServer(element);
        case 'real-server':
          // A Service owns all real servers of its virtual server, even in excluded networks: a leftover one would keep
          // receiving connections.
          return isOwnServer(element.server) || claimed.has(virtualServerKey(element.server));
        default:
          return true;
      }
    },
  };
}
