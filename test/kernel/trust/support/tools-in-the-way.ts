import type { CommandOptions, CommandResult, Sandbox } from '../../../../src/sandbox/sandbox.js';
import { output } from '../../support/guest.js';
import { kproxyProgram } from '../../support/kproxy.js';

/** The tools that change a node or read it. */
const tools = [
  ...['conntrack', 'ip', 'ip6tables-restore', 'ip6tables-save', 'ipset', 'iptables-restore', 'iptables-save'],
  ...['ipvsadm', 'modprobe', 'tee'],
];

/** The start of every tool's script. It starts no process: three of them would take ten times as long as most tools. */
const start = `#!/bin/sh
tool=\${0##*/}
PATH=\${PATH#*:}
call="$tool\${*:+ $*}"
reads=false
case "$call" in
  'ipset save' | 'ipset list '* | 'ip -d '* | 'ip -j '* | 'ipvsadm -S'* | 'conntrack -L'*) reads=true ;;
  *'tables-save'*) reads=true ;;
esac
read -r _ name _ parent _ <"/proc/$PPID/stat"
[ "$name" = '(sh)' ] || parent=$PPID
`;

/** Tools with the names of the real ones. kproxy finds them first. */
export interface ToolsInTheWay {
  /**
   * Runs kproxy on a node with these tools.
   * @param through a command that starts it
   */
  kproxy(node: string, argv: readonly string[], input?: string, through?: readonly string[]): Promise<CommandResult>;
}

/**
 * Puts a shell script in the place of every tool. It finds the tool's name in `$tool`, the whole call in `$call`, in
 * `$reads` whether the call only reads (`true` or `false`), and the real tools in its PATH.
 */
export async function toolsInTheWay(sandbox: Sandbox, name: string, script: string): Promise<ToolsInTheWay> {
  const folder = `/run/kproxy-test-tools/${name}`;
  await output(sandbox, ['mkdir', '-p', folder]);
  await sandbox.writeFile(`${folder}/script`, start + script);
  const links = tools.map(tool => `ln -sf script ${folder}/${tool}`);
  await output(sandbox, ['sh', '-euc', `chmod +x ${folder}/script; ${links.join(';')}`]);
  const options = (node: string, input?: string): CommandOptions => ({
    namespace: node,
    // The time that kproxy may take, with traffic between its commands and on a busy machine.
    timeoutMilliseconds: 300_000,
    ...(input === undefined ? {} : { input }),
  });
  return {
    kproxy: (node, argv, input, through = []) =>
      sandbox.run([...through, process.execPath, kproxyProgram, '--tool-path', folder, ...argv], options(node, input)),
  };
}

/** In a tool's script: the process of the kproxy that started the tool, by itself or through its shell. */
export const kproxyOfTool = '"$parent"';
