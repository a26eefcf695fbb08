import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import type { WorkerTexts } from '../../../../src/tutorial/observe/worker-texts.js';

const commands: Readonly<Record<keyof WorkerTexts, string>> = {
  ipset: 'ipset save',
  iptables: 'iptables-save -c',
  addresses: 'ip -j -d addr',
  ipVs: 'cat /proc/net/ip_vs 2>/dev/null || true',
  stats: 'test ! -e /proc/net/ip_vs || ipvsadm -Ln --stats',
  sysctls: 'cd /proc/sys && for name in net/ipv4/vs/conntrack; do test ! -e $name || echo $name=$(cat $name); done',
};

const mark = '--8<--';
const script = Object.values(commands)
  .map(command => `(${command}) || exit`)
  .join(`; echo '${mark}'; `);

/** Reads what the tools of a worker print about its kernel. */
export async function readWorker(sandbox: Sandbox, namespace: string): Promise<WorkerTexts> {
  const { exitCode, stdout, stderr } = await sandbox.run(['sh', '-c', script], { namespace });
  if (exitCode !== 0) throw new Error(`${namespace} cannot be read (exit code ${exitCode}): ${stderr}`);
  const texts = stdout.split(`${mark}\n`);
  return Object.fromEntries(Object.keys(commands).map((part, index) => [part, texts[index] ?? ''])) as typeof commands;
}
