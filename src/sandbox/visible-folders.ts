import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folders that are the guest's own, so that the host's files below them are hidden. */
const hiddenFolders = ['/tmp', '/var/tmp', '/run', '/var/run', '/dev'];

/** A host folder and the path where the guest is to find it. */
export interface SharedFolder {
  readonly target: string;
  readonly source: string;
}

/** What must be mounted for the guest to see these folders at the paths they have on the host. */
export function sharedFolders(folders: readonly string[]): readonly SharedFolder[] {
  const shared = folders.flatMap(folder => {
    const source = realpathSync(folder);
    return [...new Set([folder, source])].filter(isHidden).map(target => ({ target, source }));
  });
  const byTarget = new Map(shared.map(folder => [folder.target, folder]));
  // The outer one of two nested folders goes first: it would hide the inner one.
  return [...byTarget.values()].sort((left, right) => left.target.length - right.target.length);
}

function isHidden(path: string): boolean {
  return hiddenFolders.some(folder => path.startsWith(`${folder}/`));
}

/** The folders that running Node and this program in the guest takes. */
export function ownFolders(): readonly string[] {
  return [dirname(process.execPath), packageFolder()];
}

function packageFolder(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; folder !== '/'; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
  }
  return start;
}
