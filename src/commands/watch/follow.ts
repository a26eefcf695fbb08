import type { ClusterKind } from '../../cluster/kinds.js';
import type { KubectlFlags } from '../../cluster/run-kubectl.js';
import type { Selections } from '../../cluster/selection.js';
import type { ClusterStore, ObjectChange } from '../../cluster/store.js';
import type { ApiWriter } from '../../cluster/watch/api-server.js';
import { followCluster } from '../../cluster/watch/feed.js';
import { followFiles } from '../../cluster/watch/files.js';
import { openKubectlProxy } from '../../cluster/watch/kubectl-proxy.js';
import { messageOf } from '../../errors.js';
import { createEndpointsSwitch } from '../../sync/endpoints-source/endpoints-switch.js';
import { createFeedIntake } from '../../sync/feed-intake.js';
import { shortened } from '../../visible.js';
import type { Io } from '../shared/io.js';
import { readClusterFrom } from '../shared/read-cluster.js';
import { aborted } from './aborted.js';

/**
 * Fills a store from the cluster. Resolves once the store holds every object, and reports each change from then on.
 */
export type FollowCluster = (
  store: ClusterStore,
  onChanges: (changes: readonly ObjectChange[]) => void,
  onTrouble: (line: string) => void,
  signal: AbortSignal,
) => Promise<{ close(): Promise<void> }>;

export interface FollowOptions {
  readonly kinds: readonly ClusterKind[];
  /** Which objects of the kinds the API server sends. Undefined means all. */
  readonly selections?: Selections | undefined;
  /** Kinds that may be forbidden. */
  readonly optional: readonly ClusterKind[];
  readonly namespace: string | undefined;
  /**
   * Gets a line about the source of endpoints, and Endpoints objects are followed only while they are it. Undefined if
   * they are wanted for themselves.
   */
  readonly onEndpointsSource?: ((line: string) => void) | undefined;
  /** Files and folders. Empty means kubectl's cluster. */
  readonly from: readonly string[];
  readonly kubectl: KubectlFlags;
  /** Gets the connection to kubectl's cluster, which lets Events through then. */
  readonly onConnected?: (api: ApiWriter) => void;
  readonly io: Pick<Io, 'readStdin'>;
}

/** Returns a follower of the API server through kubectl, or of the given files. */
export const createFollower = (options: FollowOptions): FollowCluster =>
  options.from.length > 0 ? filesFollower(options) : apiFollower(options);

const apiFollower =
  ({
    selections,
    optional,
    namespace,
    kubectl,
    onConnected,
    onEndpointsSource: onSource,
    ...options
  }: FollowOptions): FollowCluster =>
  async (store, onChanges, onTrouble, signal) => {
    const proxy = { ...kubectl, kinds: options.kinds, writesEvents: onConnected !== undefined };
    const api = await openKubectlProxy(proxy, onTrouble);
    onConnected?.(api);
    const kinds = onSource === undefined ? options.kinds : options.kinds.filter(kind => kind !== 'Endpoints');
    const setFollowed = (isFollowed: boolean): void => feed.setFollowed('Endpoints', isFollowed);
    const intake =
      onSource === undefined
        ? { ...createFeedIntake(store, kinds, onChanges), close: () => {} }
        : createEndpointsSwitch({ store, kinds, setFollowed, onChanges, onSource, onTrouble });
    const { listed, onEvent } = intake;
    const feed = followCluster(api, { kinds, selections, namespace, optional, onEvent, onTrouble });
    await Promise.race([listed, aborted(signal)]);
    return {
      close: async () => {
        intake.close();
        await feed.close();
        await api.close();
      },
    };
  };

/** In characters. */
const longestMessage = 2_000;

const filesFollower =
  ({ from, namespace, io }: FollowOptions): FollowCluster =>
  async (store, onChanges, onTrouble) => {
    const read = async () => store.replaceAll(await readClusterFrom({ from, namespace }, io));
    const report = (error: unknown): void => {
      // Even an error of kproxy's own: a file must not end what serves the Services of all others.
      onTrouble(`${shortened(messageOf(error), longestMessage)}; the last good read still counts`);
    };
    // Readings run one after another, so that the latest one wins and no change during a reading is missed.
    let reading: Promise<unknown> = Promise.resolve();
    const feed = followFiles(from, {
      onTrouble,
      onChange: () => {
        reading = reading.then(read).then(onChanges, report);
      },
    });
    const first = read();
    reading = first.catch(() => {});
    try {
      await first;
    } catch (error) {
      await feed.close();
      throw error;
    }
    return feed;
  };
