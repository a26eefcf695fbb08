import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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
export function progressPath(environment: NodeJS.ProcessEnv, home: string = homeFolder()): string {
  const { XDG_STATE_HOME: folder = '' } = environment;
  const state = isAbsolute(folder) ? folder : join(isAbsolute(home) ? home : '/', '.local', 'state');
  return join(state, 'kproxy', 'tutorial.json');
}

/** A user of a container may have neither HOME nor an entry in /etc/passwd. */
function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return '/';
  }
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
    makeFolder(dirname(path));
    writeFileSync(temporary, formatProgress(progress), { mode: 0o600 });
    renameSync(temporary, path);
    return undefined;
  } catch (error) {
    removeIfThere(temporary);
    return messageOf(error);
  }
}

/** Creates a folder and those above it. Node's own `recursive` never ends where the system allows none, as in /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

function removeIfThere(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Below a file there is nothing to remove.
  }
}
