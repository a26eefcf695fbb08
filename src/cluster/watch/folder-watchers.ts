import { type FSWatcher, watch as watchFolder } from 'node:fs';
import { join } from 'node:path';
import { type Table, table } from '../../table.js';
import { quotedIfHostile } from '../problems.js';

export interface FolderWatchers {
  /** Watches these folders and no others. The value is a folder's identity: if it differs, another took its place. */
  replace(folders: ReadonlyMap<string, string>): void;
}

export interface FolderWatchersOptions {
  /** Called when something has happened to the file or folder with this path, or to one that is not known. */
  readonly onEvent: (path: string | undefined) => void;
  readonly onTrouble: (line: string) => void;
  /** How soon changes are noticed without a watch, in milliseconds. */
  readonly poll: number;
  /** Replaces the kernel's watches in tests. */
  readonly watch?: WatchFolder;
}

type WatchFolder = (
  folder: string,
  onEvent: (kind: string, name: string | null) => void,
) => Pick<FSWatcher, 'close' | 'on'>;

interface FolderWatcher {
  readonly identity: string;
  readonly watcher: ReturnType<WatchFolder>;
}

/**
 * Watches folders for changes in them. A folder that cannot be watched is reported once, and all folders that one limit
 * of the machine concerns with one line. Each `replace` tries again to watch them.
 */
export function createFolderWatchers(options: FolderWatchersOptions): FolderWatchers {
  const { onEvent, onTrouble, poll, watch = watchFolder } = options;
  const watchers = new Map<string, FolderWatcher>();
  /** Folders, and the limits of the machine, which concern all folders. */
  const reported = new Set<string>();

  function stop(folder: string): void {
    watchers.get(folder)?.watcher.close();
    watchers.delete(folder);
  }

  function onError(folder: string, error: NodeJS.ErrnoException): void {
    stop(folder);
    // A removed folder is no trouble: the watch of its parent reports it.
    const limit = limits[error.code ?? ''];
    const key = limit ?? folder;
    if (error.code === 'ENOENT' || reported.has(key)) return;
    reported.add(key);
    const reason = limit ?? (error.code === 'EACCES' ? 'this user may not read it' : error.message);
    const others = limit === undefined ? '' : ', and perhaps others';
    onTrouble(
      `${quotedIfHostile(folder)}${others}: cannot be watched (${reason}); changes there are noticed after up to ` +
        `${poll / 1000} s`,
    );
  }

  function start(folder: string, identity: string): void {
    try {
      const watcher = watch(folder, (_, name) => onEvent(name === null ? undefined : join(folder, name)));
      watchers.set(folder, { identity, watcher });
      watcher.on('error', error => onError(folder, error));
    } catch (error) {
      onError(folder, error as NodeJS.ErrnoException);
    }
  }

  return {
    replace(folders) {
      for (const [folder, { identity }] of watchers) if (folders.get(folder) !== identity) stop(folder);
      for (const [folder, identity] of folders) if (!watchers.has(folder)) start(folder, identity);
    },
  };
}

const limits: Table<string> = table({
  ENOSPC: 'too many watches: raise fs.inotify.max_user_watches',
  // The kernel has one error for both limits.
  EMFILE: 'too many watchers or open files: raise fs.inotify.max_user_instances or ulimit -n',
  ENFILE: 'too many open files: raise fs.file-max',
  ENOMEM: 'there is no memory left',
});
