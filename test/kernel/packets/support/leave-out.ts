import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import { output } from '../../support/guest.js';

/** Removes something from a programmed node. */
export type NodeEdit = (sandbox: Sandbox, node: string) => Promise<void>;

/** Deletes the only rule of a chain that contains the text. */
export function withoutRule(table: string, chain: string, text: string): NodeEdit {
  return async (sandbox, namespace) => {
    const listing = await output(sandbox, ['iptables', '-w', '-t', table, '-S', chain], { namespace });
    const rules = listing.split('\n').filter(line => line.startsWith('-A '));
    const found = rules.flatMap((line, index) => (line.includes(text) ? [index + 1] : []));
    if (found.length !== 1) throw new Error(`${found.length} rules in ${chain} have ${text}:\n${listing}`);
    await output(sandbox, ['iptables', '-w', '-t', table, '-D', chain, String(found[0])], { namespace });
  };
}

/** Runs a command whose words have no blanks in them. */
export function command(words: string): NodeEdit {
  return async (sandbox, namespace) => void (await output(sandbox, words.split(' '), { namespace }));
}

/** Writes a setting below /proc/sys/net, given by its path there. */
export function setting(path: string, value: string): NodeEdit {
  return (sandbox, namespace) => sandbox.writeFile(`/proc/sys/net/${path}`, value, { namespace });
}

/** Returns an edit that makes several edits in order. */
export function inOrder(...edits: readonly NodeEdit[]): NodeEdit {
  return async (sandbox, node) => {
    for (const edit of edits) await edit(sandbox, node);
  };
}

/**
 * Saves the state of a node, and returns a function that restores it. `others` are commands for what the saved files
 * lack.
 */
export async function keep(sandbox: Sandbox, node: string, others: readonly string[]): Promise<() => Promise<void>> {
  const shell = (lines: readonly string[]) =>
    output(sandbox, ['sh', '-eu'], { namespace: node, input: lines.map(line => `${line}\n`).join('') });
  const kept = `/tmp/kept-${node}`;
  await shell([`ipset save >${kept}.ipset`, `iptables-save >${kept}.iptables`, `ipvsadm -Sn >${kept}.ipvs`]);
  return async () => {
    await shell([
      `ipset -exist restore <${kept}.ipset`,
      `iptables-restore <${kept}.iptables`,
      'ipvsadm -C',
      `ipvsadm -R <${kept}.ipvs`,
      ...others,
    ]);
  };
}
