import { followFiles } from '../../cluster/watch/files.js';
import { KproxyError, messageOf } from '../../errors.js';
import { KnownLimit } from '../../run/known-limit.js';
import { shortened } from '../../visible.js';
import { readClusterFrom } from '../shared/read-cluster.js';
import type { FollowCluster, FollowOptions } from './follow.js';

/** In milliseconds. */
const defaultRetry = 5_000;

/** In characters. */
const longestMessage = 2_000;

/**
 * Returns a follower of files. While they cannot be read, the last good read counts. A limit of the machine may pass
 * without a change of the files, so they are read again after a while then.
 */
export const filesFollower =
  ({ from, namespace, io }: Pick<FollowOptions, 'from' | 'namespace' | 'io'>, retry = defaultRetry): FollowCluster =>
  async (store, onChanges, onTrouble) => {
    const read = async () => store.replaceAll(await readClusterFrom({ from, namespace }, io));
    const known = new KnownLimit();
    let retrying: NodeJS.Timeout | undefined;
    let isClosed = false;
    const onRead = (changes: Parameters<typeof onChanges>[0]): void => {
      const limit = known.over();
      if (limit !== undefined) onTrouble(`over, the files are read again: ${limit}`);
      onChanges(changes);
    };
    // Even an error of kproxy's own: a file must not end what serves the Services of all others.
    const onFailed = (error: unknown): void => {
      const isLimit = error instanceof KproxyError && error.code === 'machine-limit';
      const message = messageOf(error);
      if (!known.reached(isLimit ? message : undefined))
        onTrouble(`${shortened(message, longestMessage)}; the last good read still counts`);
      if (isLimit && !isClosed) retrying = setTimeout(readAgain, retry);
    };
    // Readings run one after another, so that the latest one wins and no change during a reading is missed.
    let reading: Promise<unknown> = Promise.resolve();
    const readAgain = (): void => {
      clearTimeout(retrying);
      reading = reading.then(read).then(onRead, onFailed);
    };
    const feed = followFiles(from, { onTrouble, onChange: readAgain });
    const close = async (): Promise<void> => {
      isClosed = true;
      clearTimeout(retrying);
      await feed.close();
    };
    const first = read();
    reading = first.catch(() => {});
    try {
      await first;
    } catch (error) {
      await close();
      throw error;
    }
    return { close };
  };
