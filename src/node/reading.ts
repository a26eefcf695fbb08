import { KproxyError, messageOf } from '../errors.js';
import type { CommandResult, NodeAccess } from './access.js';
import type { Command } from './command.js';

/**
 * Runs a tool and returns what it prints.
 * @throws KproxyError (`tool-failed`) if the tool fails
 */
export async function outputOf(node: NodeAccess, command: Command): Promise<string> {
  const result = await node.run(command);
  if (result.exitCode === 0) return result.stdout;
  throw failureOf(command, result);
}

/** Returns the error (`tool-failed`) for a tool that failed while the node was read. */
export const failureOf = ({ argv }: Command, { exitCode, stderr }: CommandResult): KproxyError =>
  new KproxyError({
    code: 'tool-failed',
    message: `cannot read the node: \`${argv.join(' ')}\` failed with exit status ${exitCode}`,
    evidence: stderr.trim(),
    advice: 'Nothing was changed. Run kproxy as root or with --sudo, on a kernel that has ip_vs and ip_set.',
  });

/**
 * Yields what a parser finds in a tool's output.
 * @param argv the command that printed the output
 * @throws KproxyError (`output-not-understood`) if the parser throws
 */
export function* parsed<Item>(argv: readonly string[], items: Iterable<Item>): Generator<Item> {
  try {
    yield* items;
  } catch (cause) {
    throw notUnderstood(argv, cause);
  }
}

/**
 * Returns what a parser makes of a tool's output.
 * @param argv the command that printed the output
 * @throws KproxyError (`output-not-understood`) if the parser throws
 */
export function understood<Value>(argv: readonly string[], parse: () => Value): Value {
  try {
    return parse();
  } catch (cause) {
    throw notUnderstood(argv, cause);
  }
}

const notUnderstood = (argv: readonly string[], cause: unknown): KproxyError =>
  new KproxyError({
    code: 'output-not-understood',
    message: `cannot read the node: \`${argv.join(' ')}\` printed something that kproxy does not understand`,
    evidence: messageOf(cause),
    advice: 'Nothing was changed. Run the command by hand and see what it prints.',
    cause,
  });
