import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { createFolderWatchers, type FolderWatchersOptions } from '../../../src/cluster/watch/folder-watchers.js';

/** Plays the kernel, which may have a limit. */
function play() {
  const lines: string[] = [];
  const events: (string | undefined)[] = [];
  const watched = new Map<string, Parameters<NonNullable<FolderWatchersOptions['watch']>>[1]>();
  const state: { failsWith: string | undefined } = { failsWith: undefined };
  const watchers = createFolderWatchers({
    onEvent: path => events.push(path),
    onTrouble: line => lines.push(line),
    poll: 5_000,
    watch: (folder, onEvent) => {
      const { failsWith: code } = state;
      if (code !== undefined) throw Object.assign(new Error(`${code}: watch '${folder}'`), { code });
      watched.set(folder, onEvent);
      return Object.assign(new EventEmitter(), { close: () => void watched.delete(folder) }) as never;
    },
  });
  const replace = (...folders: readonly string[]) => watchers.replace(new Map(folders.map(folder => [folder, folder])));
  return { lines, events, watched, state, replace };
}

test.each([
  ['ENOSPC', 'too many watches: raise fs.inotify.max_user_watches'],
  ['EMFILE', 'too many watchers or open files: raise fs.inotify.max_user_instances or ulimit -n'],
])('%s is one line for all folders, and the folders are watched when it is over', (code, reason) => {
  const { lines, events, watched, state, replace } = play();
  replace('/a');
  state.failsWith = code;
  replace('/a', '/b', '/c');
  replace('/a', '/b', '/c');
  expect(lines).toEqual([
    `/b, and perhaps others: cannot be watched (${reason}); changes there are noticed after up to 5 s`,
  ]);
  expect([...watched.keys()]).toEqual(['/a']);
  state.failsWith = undefined;
  replace('/a', '/b', '/c');
  expect([...watched.keys()]).toEqual(['/a', '/b', '/c']);
  watched.get('/c')?.('change', 'x.json');
  expect(events).toEqual(['/c/x.json']);
  expect(lines).toHaveLength(1);
});

test('a folder that may not be watched concerns no other folder, and one that is gone is no trouble', () => {
  const { lines, state, replace } = play();
  state.failsWith = 'EACCES';
  replace('/a', '/b');
  state.failsWith = 'ENOENT';
  replace('/c');
  expect(lines).toEqual(
    ['/a', '/b'].map(
      folder => `${folder}: cannot be watched (this user may not read it); changes there are noticed after up to 5 s`,
    ),
  );
});
