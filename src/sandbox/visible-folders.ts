import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folders of the guest that hide the host's files below them. */
const hiddenFolders = ['/tmp', '/var/tmp', '/run', '/var/run', '/dev'];

/** A host folder and its path in the guest. */
export interface SharedFolder {
  readonly target: string;
  readonly source: string;
}

/** Returns the mounts that let the guest see these folders at their paths on the host. */
export function sharedFolders(folders: readonly string[]): readonly SharedFolder[] {
  const shared = folders.flatMap(folder => {
    const source = realpathSync(folder);
    return [...new Set([folder, source])].filter(isHidden).map(target => ({ target, source }));
  });
  const byTarget = new Map(shared.map(folder => [folder.target, folder]));
  // An outer folder is mounted first. Mounted later, it would hide an inner one.
  return [...byTarget.values()].sort((left, right) => left.target.length - right.target.length);
}

function isHidden(path: string): boolean {
  return hiddenFolders.some(folder => path.startsWith(`${folder}/`));
}

/** Returns the folders that Node and this program need in the guest. */
export function ownFolders(): readonly string[] {
  return [dirname(process.execPath), packageFolder()];
}

/** Returns the nearest folder with a package.json above this file. */
export function packageFolder(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; folder !== '/'; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
  }
  return start;
}
