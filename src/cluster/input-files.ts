import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { KproxyError } from '../errors.js';
import { machineLimit } from '../run/machine-limit.js';
import { type Table, table } from '../table.js';
import { quotedIfHostile } from './problems.js';

/** Returns true for the files of a folder that kproxy reads. */
export const isClusterFile = (name: string): boolean => /\.(json|ya?ml)$/.test(name);

/**
 * Returns the file itself, or the JSON and YAML files of a folder and its subfolders in the order of their names.
 * @throws KproxyError `input-unreadable`
 */
export function filesAt(path: string): readonly string[] {
  const status = readable(path, () => statSync(path));
  return status.isDirectory() ? filesBelow(path) : [path];
}

function filesBelow(folder: string): readonly string[] {
  const entries = readable(folder, () => readdirSync(folder, { withFileTypes: true }));
  return entries
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap(entry => {
      const path = join(folder, entry.name);
      // Links to folders are not followed, so a loop of links ends. Links to files are: mounted ConfigMaps are links.
      if (entry.isDirectory()) return filesBelow(path);
      return isClusterFile(entry.name) ? [path] : [];
    });
}

function readable<Result>(path: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw unreadable(path, error as NodeJS.ErrnoException);
  }
}

const reasons: Table<string> = table({
  ENOENT: 'there is no such file or folder',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder',
});

/** Returns why a file cannot be read. */
export const unreadableReason = ({ code, message }: NodeJS.ErrnoException): string => reasons[code ?? ''] ?? message;

export function unreadable(path: string, error: NodeJS.ErrnoException): KproxyError {
  const file = quotedIfHostile(path);
  return (
    machineLimit(`${file} cannot be read`, error) ??
    new KproxyError({
      message: `${file}: cannot be read: ${unreadableReason(error)}`,
      code: 'input-unreadable',
      advice: 'Give --from a file, a folder of .json, .yaml and .yml files, or - for stdin. Nothing was applied.',
      cause: error,
    })
  );
}
