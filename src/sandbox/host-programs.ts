import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { KproxyError } from '../errors.js';
import { userFolders } from '../run/tool-path.js';

/**
 * Returns the path of a program of the host, given by name or path, or undefined. Searches the folders that
 * `userFolders` returns.
 */
export function findProgram(name: string): string | undefined {
  if (name.includes('/')) return isExecutable(name) ? name : undefined;
  return userFolders()
    .map(folder => join(folder, name))
    .find(isExecutable);
}

/** What a kind of guest needs, for the error if a program is missing. */
export interface Requirements {
  readonly evidence: string;
  /** Debian packages, separated by blanks. */
  readonly packages: string;
}

/**
 * Returns the path of a program that the sandbox needs.
 * @throws KproxyError sandbox-unavailable, which names the packages to install
 */
export function requireProgram(name: string, { evidence, packages }: Requirements): string {
  const path = findProgram(name);
  if (path !== undefined) return path;
  throw new KproxyError({
    message: `the sandbox needs a kernel with IPVS, and ${name} is not installed`,
    code: 'sandbox-unavailable',
    evidence,
    advice: `Install the packages: sudo apt-get install ${packages}`,
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
