import { ExitCode, KproxyError } from '../errors.js';
import type { NodeAccess } from './access.js';

/**
 * What a tool prints, parsed.
 * @throws KproxyError (exit code 4) where the tool fails or prints what it should not
 */
export async function reading<Result>(
  node: NodeAccess,
  argv: readonly string[],
  parse: (text: string) => Result,
): Promise<Result> {
  const { stdout, stderr, exitCode } = await node.run({ argv });
  const command = argv.join(' ');
  if (exitCode !== 0)
    throw new KproxyError({
      message: `cannot read the node: \`${command}\` failed with exit status ${exitCode}`,
      detail: stderr.trim(),
      next: 'Nothing was changed. Run kproxy as root or with --sudo, on a kernel that has ip_vs and ip_set.',
      exitCode: ExitCode.nodeUnreadable,
    });
  try {
    return parse(stdout);
  } catch (cause) {
    throw new KproxyError({
      message: `cannot read the node: \`${command}\` printed something that kproxy does not understand`,
      detail: cause instanceof Error ? cause.message : String(cause),
      next: 'Nothing was changed. Run the command by hand and see what it prints.',
      exitCode: ExitCode.nodeUnreadable,
      cause,
    });
  }
}
