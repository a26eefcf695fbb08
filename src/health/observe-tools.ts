import { type Family, families } from '../net/address.js';
import type { CommandResult, NodeAccess } from '../node/access.js';
import type { Command } from '../node/command.js';

/** Receives what the tools do to the node, beyond what a plan says. */
export interface ToolObserver {
  /** One run of conntrack, which lists UDP flows of a family or deletes some: its time, and how many it deleted. */
  onConntrack(seconds: number, family: Family, deleted: number): void;
  /** A failed iptables-restore or ip6tables-restore. */
  onRestoreFailed(family: Family): void;
}

/** Returns access to the same node that reports the runs of conntrack and of iptables-restore. */
export function observeTools(
  node: NodeAccess,
  observer: ToolObserver,
  monotonic: () => number = () => performance.now(),
): NodeAccess {
  const report = (command: Command, result: CommandResult, milliseconds: number): void => {
    const [program, verb] = command.argv;
    if (program === 'conntrack') {
      const family = command.argv.includes('ipv6') ? 'IPv6' : 'IPv4';
      observer.onConntrack(milliseconds / 1_000, family, verb === '-D' ? flowsIn(result) : 0);
    }
    const restored = restoredFamily(command);
    if (restored !== undefined && result.exitCode !== 0) observer.onRestoreFailed(restored);
  };
  return {
    ...node,
    run: async command => {
      const started = monotonic();
      const result = await node.run(command);
      report(command, result, monotonic() - started);
      return result;
    },
  };
}

/** Counts the flows that conntrack prints, one a line. */
const flowsIn = ({ stdout }: CommandResult): number => stdout.match(/^\w+ .*?\bsrc=/gm)?.length ?? 0;

/** Returns the family of `iptables-restore`, `ip6tables-legacy-restore` and so on, or undefined for other programs. */
function restoredFamily({ argv: [program = ''] }: Command): Family | undefined {
  const found = /^ip(6?)tables(?:-legacy|-nft)?-restore$/.exec(program);
  return found === null ? undefined : families[found[1] === '6' ? 1 : 0];
}
