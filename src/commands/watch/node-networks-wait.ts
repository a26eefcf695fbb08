import type { ClusterStore } from '../../cluster/store.js';
import type { Log } from '../../output/log.js';
import { withNodeNetworks } from '../../proxy/local-detection.js';
import type { ProxyOptions } from '../../proxy/options.js';
import { lacksNodeNetworks, missingText, nodeNetworksMissing } from '../../sync/node-networks.js';

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
  const known = () => ({
    nodes: [...store.objects('Node').values()],
    invalid: store.invalid(),
    unread: [...store.unread],
  });
  let isKnown = false;
  // A Node that loses its podCIDRs later changes nothing.
  const isWaiting = () => {
    isKnown ||= !lacksNodeNetworks(withNodeNetworks(proxy, store.objects('Node').values()));
    return !isKnown;
  };
  let end = () => {};
  return {
    isWaiting,
    look: () => {
      if (!isWaiting()) end();
    },
    arrived: async signal => {
      if (!isWaiting()) return;
      log.warning(
        `${missingText(proxy.nodeName, known())}; waiting up to ${mostMinutes} minutes, and the node stays as it is ` +
          'until then',
      );
      const isInTime = await new Promise<boolean>(resolve => {
        const timer = setTimeout(() => resolve(false), mostMinutes * 60_000);
        end = () => {
          clearTimeout(timer);
          resolve(true);
        };
        if (signal.aborted) end();
        signal.addEventListener('abort', end, { once: true });
      });
      if (!isInTime) throw nodeNetworksMissing(proxy.nodeName, known(), `Waited for ${mostMinutes} minutes.`);
    },
  };
}
