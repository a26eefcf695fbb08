import type { ClusterKind } from '../cluster/kinds.js';
import type { KubectlFlags } from '../cluster/run-kubectl.js';
import type { ClusterSource } from '../commands/shared/read-cluster.js';
import type { FollowCluster } from '../commands/watch.js';
import { KproxyError } from '../errors.js';
import { processIo } from './io.js';

const kinds: readonly ClusterKind[] = ['Service', 'EndpointSlice', 'Endpoints', 'Node'];

/** Follows the API server through kubectl, or the files that were named instead. */
export const followerOf = (source: ClusterSource, kubectl: KubectlFlags): FollowCluster =>
  source.from.length > 0 ? followFrom(source) : followApi(source, kubectl);

const followApi =
  ({ namespace }: ClusterSource, flags: KubectlFlags): FollowCluster =>
  async (store, onChanges, onTrouble, signal) => {
    const [{ openKubectlProxy }, { followCluster }, { feedIntake }] = await Promise.all([
      import('../cluster/watch/kubectl-proxy.js'),
      import('../cluster/watch/feed.js'),
      import('../sync/follow.js'),
    ]);
    const api = await openKubectlProxy({ ...flags, kinds });
    const { listed, onEvent } = feedIntake(store, kinds, onChanges);
    const feed = followCluster(api, { kinds, namespace, optional: ['Node'], onEvent, onTrouble });
    await Promise.race([listed, aborted(signal)]);
    return {
      close: async () => {
        await feed.close();
        await api.close();
      },
    };
  };

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true }));

const followFrom =
  (source: ClusterSource): FollowCluster =>
  async (store, onChanges, onTrouble) => {
    const [{ readClusterForNode }, { followFiles }] = await Promise.all([
      import('../commands/shared/read-cluster.js'),
      import('../cluster/watch/files.js'),
    ]);
    const read = async () => store.take(await readClusterForNode(source, processIo));
    await read();
    return followFiles(source.from, {
      onTrouble,
      onChange: () =>
        void read().then(onChanges, error => {
          if (!(error instanceof KproxyError)) throw error;
          onTrouble(`${error.message}; what was read before still counts`);
        }),
    });
  };
