import { KproxyError } from '../errors.js';
import type { NodeAccess } from './access.js';
import type { Command } from './command.js';
import type { Collector, Fill } from './filled-state.js';

/**
 * What a tool prints, parsed.
 * @throws KproxyError (exit code 4) where the tool fails or prints what it should not
 */
export async function reading<Result>(
  node: NodeAccess,
  argv: readonly string[],
  parse: (text: string) => Result,
): Promise<Result> {
  const text = await printed(node, { argv });
  return understood(argv, () => parse(text));
}

/**
 * What a tool prints, to be parsed when it is known what is wanted.
 * @throws KproxyError (exit code 4) where the tool fails, and later where it has printed what it should not
 */
export async function readingLater(
  node: NodeAccess,
  command: Command,
  parse: (text: string, collector: Collector) => void,
): Promise<Fill> {
  const text = await printed(node, command);
  return collector => understood(command.argv, () => parse(text, collector));
}

async function printed(node: NodeAccess, command: Command): Promise<string> {
  const { stdout, stderr, exitCode } = await node.run(command);
  if (exitCode === 0) return stdout;
  throw new KproxyError({
    message: `cannot read the node: \`${command.argv.join(' ')}\` failed with exit status ${exitCode}`,
    evidence: stderr.trim(),
    advice: 'Nothing was changed. Run kproxy as root or with --sudo, on a kernel that has ip_vs and ip_set.',
    code: 'tool-failed',
  });
}

/**
 * What parsing gives.
 * @param argv the command that has printed the text
 * @throws KproxyError (exit code 4) where it throws
 */
export function understood<Result>(argv: readonly string[], parse: () => Result): Result {
  try {
    return parse();
  } catch (cause) {
    throw new KproxyError({
      message: `cannot read the node: \`${argv.join(' ')}\` printed something that kproxy does not understand`,
      evidence: cause instanceof Error ? cause.message : String(cause),
      advice: 'Nothing was changed. Run the command by hand and see what it prints.',
      code: 'output-not-understood',
      cause,
    });
  }
}
