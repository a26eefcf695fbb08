import { toolEnvironment } from './environment.js';
import { startProcess } from './start-process.js';

/** The exit status that flock reports a held lock with. Its failures have other ones. */
export const conflict = 75;

/** How flock ended. It has no exit code if it is not installed. */
export interface FlockResult {
  readonly exitCode?: number | undefined;
  readonly stderr?: string | undefined;
  /** Why it was not started. */
  readonly error?: NodeJS.ErrnoException;
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
export async function waitForFlock(file: number, limit: readonly string[]): Promise<FlockResult> {
  const { child, ended } = startProcess(flockArguments([...limit, '3']), {
    stdio: ['ignore', 'ignore', 'pipe', file],
    env: toolEnvironment(),
  });
  let stderr = '';
  child?.stderr?.on('data', (text: Buffer) => {
    stderr += text;
  });
  // Its last words may arrive after its end.
  if (child !== undefined) await new Promise(resolve => child.once('close', resolve));
  return { ...(await ended), stderr };
}
