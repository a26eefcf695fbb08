import { execa } from 'execa';
import { toolEnvironment } from './environment.js';
import { openFile } from './open-file.js';

/** The exit status that flock reports a held lock with. Its failures have other ones. */
export const conflict = 75;

/** How flock ended. It has no exit code if it is not installed. */
export interface FlockResult {
  readonly exitCode?: number | undefined;
  readonly stderr?: string | undefined;
}

/** Returns the command that takes a lock which no other process may share. */
export const flockArguments = (words: readonly string[]): readonly string[] => [
  'flock',
  '-x',
  '-E',
  String(conflict),
  ...words,
];

/**
 * Locks an open file. Has no limit of its own: without --lock-timeout the user wants to wait as long as it takes.
 * @param limit flock's options for how long it waits
 */
export function waitForFlock(file: number, limit: readonly string[]): Promise<FlockResult> {
  const [program = '', ...words] = flockArguments([...limit, '3']);
  return execa(program, words, {
    stdio: ['ignore', 'pipe', 'pipe', openFile(file)],
    env: toolEnvironment(),
    extendEnv: false,
    reject: false,
  });
}
