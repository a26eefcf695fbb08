import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { KproxyError } from '../errors.js';
import { withinTime } from '../run/within-time.js';
import { quotedIfHostile } from './problems.js';

/** In bytes: about the longest text that V8 can hold. */
const largest = 500_000_000;

/** How long a pipe may stay silent: somebody has to write to it. In milliseconds. */
const pipeLimit = 60_000;

/**
 * Reads a file that the user names. A pipe (`<(kubectl get ...)`) is read to its end.
 * @throws the error of the file system, or KproxyError `input-unreadable`
 */
export async function readInput(path: string, limit = pipeLimit): Promise<string> {
  const status = statSync(path);
  if (status.isCharacterDevice() || status.isBlockDevice()) throw unusable(path, 'it is a device');
  if (status.size > largest) throw unusable(path, `it is larger than ${largest / 1_000_000} MB`);
  if (!status.isFIFO()) return readFile(path, 'utf8');
  const text = await withinTime(readFile(path, 'utf8'), limit);
  if (text === 'late') throw unusable(path, `nobody has written all of it within ${limit / 1_000} s`);
  return text;
}

const unusable = (path: string, reason: string): KproxyError =>
  new KproxyError({
    message: `${quotedIfHostile(path)}: cannot be read: ${reason}`,
    code: 'input-unreadable',
    advice: 'Give --from a file, a folder of .json, .yaml and .yml files, or - for stdin. Nothing was applied.',
  });
