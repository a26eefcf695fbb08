import { isOwnChain } from '../../../node/names.js';
import { inNumericOrder } from '../numeric-order.js';
import type { ChainAnswer, KernelAnswer, Movement, RealServerAnswer, VirtualServerAnswer } from '../observed.js';
import { changed } from './lines.js';
import { isKept, pairRules } from './rule-pairs.js';

/**
 * Returns which rules matched packets, and which real servers got connections. Of the rules these are those of kproxy's
 * chains and the jumps to them. A counter that became smaller belongs to a rule that was added again.
 */
export function movedCounters(machine: string, before: KernelAnswer, after: KernelAnswer): readonly Movement[] {
  const packets = (table: string) =>
    namesInOrder(table, after.chains).flatMap(name =>
      movedPackets(`${machine}: ${name}`, name, before.chains.get(name), after.chains.get(name)),
    );
  const connections = inNumericOrder(after.virtualServers.keys()).flatMap(name =>
    movedConnections(`${machine}: ${name}`, before.virtualServers.get(name), after.virtualServers.get(name)),
  );
  const nat = packets('nat');
  // Without a new connection, the packets are late ones of an old connection, such as repeated ones after a timeout.
  if (nat.length + connections.length === 0) return [];
  return [...nat, ...packets('filter'), ...connections];
}

/** Returns the chains of a table in the order in which a packet to a Service passes them. */
function namesInOrder(table: string, chains: KernelAnswer['chains']): readonly string[] {
  const rank = (name: string) => order.findIndex(pattern => pattern.test(name));
  return [...chains.keys()].filter(name => name.startsWith(`${table} `)).sort((one, other) => rank(one) - rank(other));
}

const order: readonly RegExp[] = [
  / (PREROUTING|INPUT)$/,
  / OUTPUT$/,
  / KUBE-SERVICES$/,
  / KUBE-(?!POSTROUTING|FORWARD)/,
  / FORWARD$/,
  / KUBE-FORWARD$/,
  / POSTROUTING$/,
  /^/,
];

function movedPackets(where: string, name: string, before?: ChainAnswer, after?: ChainAnswer): readonly Movement[] {
  const [table = '', chain = ''] = name.split(' ', 2);
  return pairRules(before?.rules ?? [], after?.rules ?? [])
    .filter(isKept)
    .filter(({ after: rule }) => isOwnChain(table, chain) || isOwnChain(table, targetOf(rule.text)))
    .filter(pair => pair.after.packets > pair.before.packets)
    .map(({ before: { packets }, after: rule }) =>
      changed(`${where} rule ${rule.number}${jumpText(rule.text)} packets`, String(packets), String(rule.packets)),
    );
}

/** Returns ` -j KUBE-SERVICES`. A rule without a target has none. */
const jumpText = (rule: string): string => {
  const target = targetOf(rule);
  return target === '' ? '' : ` -j ${target}`;
};

/** The target is behind all matches, one of which may be a comment with such words. */
const targetOf = (rule: string): string => /^(?:.* )?-[jg] (\S+)/.exec(rule)?.[1] ?? '';

/**
 * Compares the connections that the kernel tracks, as `ipvsadm -Ln` shows them. The statistics are up to two seconds
 * late, and would move after a later command. A real server that was added again still has its old connections.
 */
const movedConnections = (
  where: string,
  before: VirtualServerAnswer | undefined,
  after: VirtualServerAnswer | undefined,
): readonly Movement[] =>
  inNumericOrder(after?.realServers.keys() ?? []).flatMap(address => {
    const [one, other] = [before?.realServers.get(address), after?.realServers.get(address)];
    if (one === undefined || other === undefined || tracked(other) <= tracked(one)) return [];
    return [changed(`${where} -> ${address} connections`, String(tracked(one)), String(tracked(other)))];
  });

const tracked = ({ active, inactive }: RealServerAnswer): number => active + inactive;
