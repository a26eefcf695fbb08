import type { ClusterStore } from '../../cluster/store.js';
import type { Log } from '../../output/log.js';
import { withNodeNetworks } from '../../proxy/local-detection.js';
import type { ProxyOptions } from '../../proxy/options.js';
import { withinTime } from '../../run/within-time.js';
import { knownNodesOf } from '../../sync/node-name.js';
import { lacksNodeNetworks, missingText, nodeNetworksMissing } from '../../sync/node-networks.js';
import { aborted } from './aborted.js';

/** kube-proxy's limit (NewNodeManager of Kubernetes 1.37). It ends then too, and whatever started it tries again. */
const mostMinutes = 5;

export interface NodeNetworksWait {
  /** Looks again, after objects have changed. */
  readonly look: () => void;
  /** True until the networks are known. */
  readonly isWaiting: () => boolean;
  /**
   * Resolves once the networks of this node's Pods are known, if local traffic is detected by them, or the signal
   * aborts. Says once what is missing.
   * @throws KproxyError (`node-unknown`, `node-networks-missing`) after five minutes
   */
  readonly arrived: (signal: AbortSignal) => Promise<void>;
}

/** Creates a wait for the podCIDRs of this node's Node: without them, nothing may be programmed. */
export function createNodeNetworksWait(proxy: ProxyOptions, store: ClusterStore, log: Log): NodeNetworksWait {
  let isKnown = false;
  // A Node that loses its podCIDRs later changes nothing.
  const isWaiting = () => {
    isKnown ||= !lacksNodeNetworks(withNodeNetworks(proxy, store.objects('Node').values()));
    return !isKnown;
  };
  let onKnown = () => {};
  const known = new Promise<void>(resolve => {
    onKnown = resolve;
  });
  return {
    isWaiting,
    look: () => {
      if (!isWaiting()) onKnown();
    },
    arrived: async signal => {
      if (!isWaiting()) return;
      const missing = missingText(proxy.nodeName, knownNodesOf(store));
      log.warning(`${missing}; waiting up to ${mostMinutes} minutes, and the node stays as it is until then`);
      const end = await withinTime(Promise.race([known, aborted(signal)]), mostMinutes * 60_000);
      if (end === 'late')
        throw nodeNetworksMissing(proxy.nodeName, knownNodesOf(store), `Waited for ${mostMinutes} minutes.`);
    },
  };
}
