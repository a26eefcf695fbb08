import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { KproxyError } from '../../errors.js';
import { packageFolder } from '../../sandbox/visible-folders.js';

/**
 * Returns the folder of the built program. This module may be a part of it, one of the sources beside it, or bundled
 * into a script of the project.
 * @throws KproxyError sandbox-failed if the program is not built
 */
export const programFolder = (): string => folderWith('kproxy.js', ['.', 'dist', '../dist']);

/** Returns the path of a file or folder that the lesson reads: a copy in the built program, or among the sources. */
export const lessonFile = (name: string): string =>
  join(folderWith(name, ['src/tutorial', '.', '../src/tutorial']), name);

function folderWith(name: string, folders: readonly string[]): string {
  const candidates = folders.map(folder => join(packageFolder(), folder));
  const found = candidates.find(folder => existsSync(join(folder, name)));
  if (found !== undefined) return found;
  throw new KproxyError({
    message: `${name} of the lesson is missing: neither ${candidates.join(' nor ')} has it`,
    code: 'sandbox-failed',
    advice: 'Install kproxy again, or build it: npm run build',
  });
}
