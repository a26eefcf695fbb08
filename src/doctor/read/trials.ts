import type { NodeAccess } from '../../node/access.js';
import { quoteCommand, quoteWord } from '../../script/quote.js';
import { shortened, visible } from '../../visible.js';
import type { Fact } from '../facts.js';
import type { Trial, TrialResult } from '../trials.js';
import { factOf, unread } from './fact.js';

/** In characters. The first words of a tool say what it lacks. */
const longest = 300;

/**
 * Tries what the kernel can do, in a network namespace that ends with the process: the node keeps nothing of it but the
 * modules that the kernel has loaded. One shell runs all trials, because each needs what the ones before it left.
 * @param folders in which tools are found, also through sudo
 */
export async function readTrials(
  node: NodeAccess,
  trials: readonly Trial[],
  folders: readonly string[],
): Promise<Fact<readonly TrialResult[]>> {
  const argv = ['unshare', '--net', '--', '/bin/sh', '-c', scriptOf(trials, folders)];
  const ended = await factOf(() => node.run({ argv }));
  if (ended.is === 'unread') return ended;
  const { exitCode, stdout, stderr } = ended.value;
  if (exitCode !== 0) return unread(shortened(stderr.trim(), longest) || `unshare ended with exit status ${exitCode}`);
  return { is: 'read', value: resultsIn(stdout, trials) };
}

/** Prints the exit status and the output of each trial, with a NUL behind each. */
const scriptOf = (trials: readonly Trial[], folders: readonly string[]): string =>
  [
    `PATH=${quoteWord(folders.join(':'))}; export PATH`,
    `try() { said=$("$@" 2>&1 </dev/null) && status=0 || status=$?; printf '%s\\0%s\\0' "$status" "$said"; }`,
    'ip link set lo up',
    ...trials.map(({ argv }) => `try ${quoteCommand(argv)}`),
    'exit 0',
  ].join('\n');

function resultsIn(output: string, trials: readonly Trial[]): readonly TrialResult[] {
  const fields = output.split('\0');
  return trials.flatMap((trial, index) => {
    const [status, said = ''] = fields.slice(index * 2, index * 2 + 2);
    if (status === undefined || said === undefined || !/^\d+$/.test(status)) return [];
    return [{ trial, exitCode: Number(status), said: visible(shortened(said.trim(), longest)) }];
  });
}
