import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { messageOf } from '../../../errors.js';
import { formatProgress, type Progress, parseProgress } from './progress.js';

/** What a file of progress holds. */
export type Loaded =
  | { readonly kind: 'none' }
  | { readonly kind: 'loaded'; readonly progress: Progress }
  /** The file is something else. */
  | { readonly kind: 'damaged' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Returns the path of the file, by the rules of XDG: a relative folder does not count. */
export function progressPath(environment: NodeJS.ProcessEnv, home: string = homedir()): string {
  const { XDG_STATE_HOME: folder = '' } = environment;
  return join(isAbsolute(folder) ? folder : join(home, '.local', 'state'), 'kproxy', 'tutorial.json');
}

export function loadProgress(path: string, knownSteps: ReadonlySet<string>): Loaded {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { kind: 'none' } : { kind: 'unreadable', reason: messageOf(error) };
  }
  const progress = parseProgress(text, knownSteps);
  return progress === undefined ? { kind: 'damaged' } : { kind: 'loaded', progress };
}

/** Replaces the file, so that it is whole at any time. Returns the reason if that fails. */
export function saveProgress(path: string, progress: Progress): string | undefined {
  const temporary = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, formatProgress(progress), { mode: 0o600 });
    renameSync(temporary, path);
    return undefined;
  } catch (error) {
    rmSync(temporary, { force: true });
    return messageOf(error);
  }
}
