import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import { quotedIfHostile } from '../problems.js';

export interface FolderWatchers {
  /** Watches these folders and no others. The value tells a folder from another that took its place. */
  replace(folders: ReadonlyMap<string, string>): void;
}

export interface FolderWatchersOptions {
  /** Something happened to what had or has this path; without one, somewhere. */
  readonly onEvent: (path: string | undefined) => void;
  readonly onTrouble: (line: string) => void;
  /** How soon changes are noticed without a watch, in milliseconds. */
  readonly poll: number;
}

interface Watched {
  readonly identity: string;
  readonly watcher: FSWatcher;
}

export function createFolderWatchers({ onEvent, onTrouble, poll }: FolderWatchersOptions): FolderWatchers {
  const watched = new Map<string, Watched>();
  const told = new Set<string>();

  function forget(folder: string): void {
    watched.get(folder)?.watcher.close();
    watched.delete(folder);
  }

  function failed(folder: string, error: NodeJS.ErrnoException): void {
    forget(folder);
    // A folder that has just gone is no trouble: its parent's watch tells of it.
    if (error.code === 'ENOENT' || told.has(folder)) return;
    told.add(folder);
    const reason = reasons[error.code ?? ''] ?? error.message;
    onTrouble(
      `${quotedIfHostile(folder)}: cannot be watched (${reason}); changes in it are noticed after up to ${poll / 1000} s`,
    );
  }

  function open(folder: string, identity: string): void {
    try {
      const watcher = watch(folder, (_, name) => onEvent(name === null ? undefined : join(folder, name)));
      watched.set(folder, { identity, watcher });
      watcher.on('error', error => failed(folder, error));
    } catch (error) {
      failed(folder, error as NodeJS.ErrnoException);
    }
  }

  return {
    replace(folders) {
      for (const [folder, { identity }] of watched) if (folders.get(folder) !== identity) forget(folder);
      for (const [folder, identity] of folders) if (!watched.has(folder)) open(folder, identity);
    },
  };
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'too many watches: fs.inotify.max_user_watches',
  EMFILE: 'too many watchers: fs.inotify.max_user_instances',
  EACCES: 'it may not be read by this user',
};
