import type { CommandResult, Sandbox } from '../../../../src/sandbox/sandbox.js';
import { output } from '../../support/guest.js';
import { kproxyOfTool, toolsInTheWay } from './tools-in-the-way.js';

const log = '/run/kproxy-test-commands';
const deadline = '/run/kproxy-test-deadline';

const script = `
! $reads || exec "$tool" "$@"
[ "$(cat ${deadline})" != 0 ] || { kill -KILL ${kproxyOfTool}; exit; }
echo "$call" >>${log}
status=0
"$tool" "$@" || status=$?
[ "$(wc -l <${log})" != "$(cat ${deadline})" ] || kill -KILL ${kproxyOfTool}
exit $status
`;

/** Tools that count the commands which change the node, and kill kproxy at one of them. */
export interface DeadlyTools {
  /**
   * Runs kproxy, kills it after this number of commands (0: before the first), and returns the commands. Without a
   * number it is not killed.
   */
  kproxy(
    argv: readonly string[],
    input: string,
    killAfter?: number,
  ): Promise<{ readonly result: CommandResult; readonly commands: readonly string[] }>;
}

export async function deadlyTools(sandbox: Sandbox, node: string): Promise<DeadlyTools> {
  const tools = await toolsInTheWay(sandbox, 'deadly', script);
  return {
    async kproxy(argv, input, killAfter) {
      await output(sandbox, ['sh', '-euc', `: >${log}; echo ${killAfter ?? 'never'} >${deadline}`]);
      const result = await tools.kproxy(node, argv, input);
      return { result, commands: (await output(sandbox, ['cat', log])).split('\n').filter(line => line !== '') };
    },
  };
}
