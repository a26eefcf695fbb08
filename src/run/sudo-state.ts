import { KproxyError } from '../errors.js';
import { DirectRunner } from './direct-runner.js';

/** What becomes of a tool that is run through sudo. */
export type SudoState = 'ready' | 'asks' | 'missing' | 'refused';

/** In milliseconds. sudo may ask a directory of users first. */
const limit = 10_000;

/** Runs a tool that changes nothing through sudo, which must not ask for anything. */
export async function readSudoState(): Promise<SudoState> {
  const runner = new DirectRunner({ sudo: false, timeoutMilliseconds: limit });
  try {
    const { exitCode, stderr } = await runner.run({ argv: ['sudo', '-n', 'ip', '-V'] });
    // A missing tool is another matter.
    if (exitCode === 0 || stderr.includes('command not found')) return 'ready';
    return /password is required|terminal is required/.test(stderr) ? 'asks' : 'refused';
  } catch (error) {
    if (!(error instanceof KproxyError)) throw error;
    return error.code === 'tool-missing' ? 'missing' : 'refused';
  }
}
