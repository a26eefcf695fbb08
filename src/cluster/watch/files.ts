import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { KproxyError } from '../../errors.js';
import type { Feed } from './feed.js';
import { fileStates } from './file-states.js';
import { createFolderWatchers } from './folder-watchers.js';
import { createMerging, type MergingTiming } from './merging.js';

export interface FollowFilesOptions {
  /** Something has changed: all of it is to be read again. Files that are half-written are to be expected. */
  readonly onChange: () => void;
  readonly onTrouble: (line: string) => void;
  readonly timing?: Partial<FollowFilesTiming>;
}

/** In milliseconds. */
export interface FollowFilesTiming extends MergingTiming {
  /** How often the files are looked at without any event: network file systems send none. */
  readonly poll: number;
}

const defaultTiming: FollowFilesTiming = { quiet: 50, longestMerge: 1_000, poll: 5_000 };

/**
 * Follows files and folders, also ones that are replaced by renaming or that appear later. No change after the call is
 * missed: read the files after it. Throws a KproxyError (exit code 2) for `-`.
 */
export function followFiles(paths: readonly string[], options: FollowFilesOptions): Feed {
  if (paths.includes('-')) throw stdinEnds();
  const timing = { ...defaultTiming, ...options.timing };
  const followed = paths.map(path => resolve(path));
  let known = fileStates(followed);
  let wasWritten = false;

  const look = (): void => {
    const before = known;
    known = fileStates(followed);
    watchers.replace(known.folders);
    if (wasWritten || !isDeepStrictEqual(before.states, known.states)) options.onChange();
    wasWritten = false;
  };
  const merging = createMerging(timing, look);
  const watchers = createFolderWatchers({
    onEvent(path) {
      // Two writes within one tick of the kernel's clock can look the same from outside.
      wasWritten ||= path !== undefined && (known.states.get(path) ?? 'folder') !== 'folder';
      merging.event();
    },
    onTrouble: options.onTrouble,
    poll: timing.poll,
  });
  watchers.replace(known.folders);
  // What changed before the watches stood is seen now.
  merging.event();
  const polling = setInterval(look, timing.poll);
  return {
    async close() {
      clearInterval(polling);
      merging.close();
      watchers.replace(new Map());
    },
  };
}

const stdinEnds = (): KproxyError =>
  new KproxyError({
    message: '--watch cannot follow stdin (--from -): what has been read from it does not change any more',
    code: 'options-contradict',
    advice: 'give a file or a folder with --from, or leave out --watch',
  });
