import type { ClusterKind } from '../../cluster/kinds.js';
import type { KubectlFlags } from '../../cluster/run-kubectl.js';
import type { FollowCluster } from './sync.js';
import { KproxyError } from '../../errors.js';
import { processIo } from '../../cli/io.js';

export interface FollowOptions {
  readonly kinds: readonly ClusterKind[];
  /** Kinds that may be forbidden. */
  readonly optional: readonly ClusterKind[];
  readonly namespace: string | undefined;
  /** Files and folders; kubectl's cluster where empty. */
  readonly from: readonly string[];
  readonly kubectl: KubectlFlags;
}

/** Follows the API server through kubectl, or the files that were named instead. */
export const followerOf = (options: FollowOptions): FollowCluster =>
  options.from.length > 0 ? followFrom(options) : followApi(options);

const followApi =
  ({ kinds, optional, namespace, kubectl }: FollowOptions): FollowCluster =>
  async (store, onChanges, onTrouble, signal) => {
    const [{ openKubectlProxy }, { followCluster }, { feedIntake }] = await Promise.all([
      import('../../cluster/watch/kubectl-proxy.js'),
      import('../../cluster/watch/feed.js'),
      import('../../sync/follow.js'),
    ]);
    const api = await openKubectlProxy({ ...kubectl, kinds });
    const { listed, onEvent } = feedIntake(store, kinds, onChanges);
    const feed = followCluster(api, { kinds, namespace, optional, onEvent, onTrouble });
    await Promise.race([listed, aborted(signal)]);
    return {
      close: async () => {
        await feed.close();
        await api.close();
      },
    };
  };

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

const followFrom =
  ({ from, namespace }: FollowOptions): FollowCluster =>
  async (store, onChanges, onTrouble) => {
    const [{ readClusterFrom }, { followFiles }] = await Promise.all([
      import('../shared/read-cluster.js'),
      import('../../cluster/watch/files.js'),
    ]);
    const take = async () => store.take(await readClusterFrom({ from, namespace }, processIo));
    const tell = (error: unknown): void => {
      if (!(error instanceof KproxyError)) throw error;
      onTrouble(`${error.message}; what was read before still counts`);
    };
    // Nothing that changes while the files are read may be missed, and of two readings the later one has to count.
    let reading: Promise<unknown> = Promise.resolve();
    const feed = followFiles(from, {
      onTrouble,
      onChange: () => {
        reading = reading.then(take).then(onChanges, tell);
      },
    });
    const first = take();
    reading = first.catch(() => {});
    try {
      await first;
    } catch (error) {
      await feed.close();
      throw error;
    }
    return feed;
  };
