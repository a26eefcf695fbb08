import type { ClusterStore } from '../../cluster/store.js';
import type { Log } from '../../output/log.js';
import { isUnknownNode, knownNodesOf } from '../../sync/node-name.js';

/**
 * Returns a function that logs whether the cluster has this node's Node, when it lacks it and whenever that changes. A
 * watch may start before the Node exists, and the node stays programmed without one.
 */
export function reportOwnNode(name: string, log: Pick<Log, 'info' | 'warning'>): (store: ClusterStore) => void {
  let wasUnknown = false;
  return store => {
    const isUnknown = isUnknownNode(name, knownNodesOf(store));
    if (isUnknown === wasUnknown) return;
    wasUnknown = isUnknown;
    if (isUnknown)
      log.warning(
        `the cluster has no Node named ${JSON.stringify(name)}: until it has one, endpoints on this node do not ` +
          'count as local. If the node has another name there (kubectl get nodes), give it with --node',
      );
    else log.info(`the cluster has the Node ${JSON.stringify(name)} now`);
  };
}
