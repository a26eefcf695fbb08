import type { Io } from '../commands/shared/io.js';
import { processIo } from './io.js';

/** kubectl writes several lines at once. */
const lineIo: Io = {
  ...processIo,
  stderr: text => text.split(/(?<=\n)/).forEach(processIo.stderr),
};

/** The command that the lesson's machines have as `kubectl`. Help does not list it. */
const name = 'tutorial-kubectl';

/**
 * Runs kubectl's stand-in if the arguments call it, and returns its exit code. It does not go through commander, which
 * would take kproxy's own options, such as --context, from among kubectl's.
 * @param argv the arguments after the program's
 */
export async function runTutorialKubectl(argv: readonly string[]): Promise<number | undefined> {
  if (argv[0] !== name) return undefined;
  const { runKubectl } = await import('../tutorial/kubectl/kubectl.js');
  return runKubectl(argv.slice(1), { io: lineIo, environment: process.env, now: () => new Date() });
}
