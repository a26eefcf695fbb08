import { type Family, families, familyOf } from '../net/address.js';
import type { CommandResult, NodeAccess } from '../node/access.js';
import { flowFile } from '../node/batches.js';
import type { Command } from '../node/command.js';

/** Receives what the tools do to the node, beyond what a plan says. */
export interface ToolObserver {
  /** One run of conntrack that deleted stale flows: its time, and how many it deleted for each family it was about. */
  onFlowsDeleted(seconds: number, deleted: ReadonlyMap<Family, number>): void;
  /** A failed iptables-restore or ip6tables-restore. */
  onRestoreFailed(family: Family): void;
}

/** Returns access to the same node that reports the runs of conntrack and of iptables-restore. */
export function observeTools(
  node: NodeAccess,
  observer: ToolObserver,
  monotonic: () => number = () => performance.now(),
): NodeAccess {
  /** The families of the flows in the file that conntrack reads next. */
  let inFile: readonly Family[] = [];
  const report = (command: Command, result: CommandResult, milliseconds: number): void => {
    const [program, verb] = command.argv;
    if (program === 'tee' && verb === flowFile) inFile = flowFamilies(command.input ?? '');
    if (program === 'conntrack' && verb === '-R')
      observer.onFlowsDeleted(milliseconds / 1_000, new Map(inFile.map(family => [family, deleted(result, family)])));
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

const isIpv6Flow = (line: string): boolean => line.includes(' -f ipv6 ');

function flowFamilies(text: string): readonly Family[] {
  const lines = text.split('\n').filter(line => line !== '');
  return families.filter(family => lines.some(line => isIpv6Flow(line) === (family === 'IPv6')));
}

/** Counts the lines in which conntrack prints the flows that it deletes. */
const deleted = ({ stdout }: CommandResult, family: Family): number =>
  [...stdout.matchAll(/^\w+ .*?\bsrc=(\S+)/gm)].filter(([, source = '']) => familyOf(source) === family).length;

/** Returns the family of `iptables-restore`, `ip6tables-legacy-restore` and so on, or undefined for other programs. */
function restoredFamily({ argv: [program = ''] }: Command): Family | undefined {
  const found = /^ip(6?)tables(?:-legacy|-nft)?-restore$/.exec(program);
  return found === null ? undefined : families[found[1] === '6' ? 1 : 0];
}
