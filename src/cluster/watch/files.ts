import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { KproxyError } from '../../errors.js';
import { createDebounce, type DebounceTiming } from './debounce.js';
import type { Feed } from './feed.js';
import { fileStates } from './file-states.js';
import { createFolderWatchers } from './folder-watchers.js';

export interface FollowFilesOptions {
  /** Called when something has changed and everything is to be read again. A file may be half-written at this time. */
  readonly onChange: () => void;
  readonly onTrouble: (line: string) => void;
  readonly timing?: Partial<FollowFilesTiming>;
}

/** In milliseconds. */
export interface FollowFilesTiming extends DebounceTiming {
  /** The interval of checks without any event: network file systems send none. */
  readonly poll: number;
}

const defaultTiming: FollowFilesTiming = { quiet: 50, maximumDelay: 1_000, poll: 5_000 };

/**
 * Follows files and folders, including ones that are replaced by renaming or that appear later. No change after the
 * call is missed if the files are read after it.
 * @throws KproxyError `options-contradict` for `-`
 */
export function followFiles(paths: readonly string[], options: FollowFilesOptions): Feed {
  if (paths.includes('-')) throw stdinNotFollowed();
  const timing = { ...defaultTiming, ...options.timing };
  const absolutePaths = paths.map(path => resolve(path));
  let last = fileStates(absolutePaths);
  let wasWritten = false;

  const check = (): void => {
    const before = last;
    last = fileStates(absolutePaths);
    watchers.replace(last.folders);
    if (wasWritten || !isDeepStrictEqual(before.states, last.states)) options.onChange();
    wasWritten = false;
  };
  const debounce = createDebounce(timing, check);
  const watchers = createFolderWatchers({
    onEvent(path) {
      // Two writes within one tick of the kernel's clock can leave the same file state.
      wasWritten ||= path !== undefined && (last.states.get(path) ?? 'folder') !== 'folder';
      debounce.event();
    },
    onTrouble: options.onTrouble,
    poll: timing.poll,
  });
  watchers.replace(last.folders);
  // Finds what changed before the watches were in place.
  debounce.event();
  const polling = setInterval(check, timing.poll);
  return {
    async close() {
      clearInterval(polling);
      debounce.close();
      watchers.replace(new Map());
    },
  };
}

const stdinNotFollowed = (): KproxyError =>
  new KproxyError({
    message: '--watch cannot follow stdin (--from -): it is read once and does not change',
    code: 'options-contradict',
    advice: 'Give a file or a folder with --from, or leave out --watch.',
  });
