import { KproxyError } from '../errors.js';
import type { Family } from '../net/address.js';
import type { NodeAccess } from './access.js';
import type { NodeFacts, UnservedFamily } from './facts.js';
import { ipvsDevice } from './names.js';
import type { FamilyRules } from './read-rules.js';
import { failureOf } from './reading.js';
import { tableCommand } from './tools/iptables.js';

/** What is known of a node's families. */
export type FamilySupport = Pick<NodeFacts, 'unserved' | 'untried'>;

/** How sudo says that a program is missing. */
const noProgram = /command not found/;

/** How iptables and sudo say that the kernel or the machine lacks a part, unlike permissions or a held lock. */
const lacks: readonly RegExp[] = [
  /Address family not supported by protocol/,
  /Protocol not supported/,
  /Table does not exist/,
  noProgram,
];

/** Returns what a node lacks according to the error of a tool, as a clause, or undefined for any other error. */
export function lackOf(error: unknown): string | undefined {
  if (!(error instanceof KproxyError)) return undefined;
  if (error.code === 'tool-missing') return error.message;
  if (error.code !== 'tool-failed') return undefined;
  return (error.evidence ?? '').split('\n').find(line => lacks.some(pattern => pattern.test(line)));
}

/** Returns true if the kernel runs with IPv6. */
export const hasIpv6 = async (node: NodeAccess): Promise<boolean> =>
  (await node.readFile('/proc/net/if_inet6')) !== undefined;

/** Returns the families that a node can serve as far as every user may know. */
export const supportInKernel = async (node: NodeAccess): Promise<FamilySupport> => ({
  unserved: (await hasIpv6(node))
    ? await switchedOff(node)
    : [unservedIpv6('its kernel runs without IPv6 (/proc/net/if_inet6 is missing)')],
  untried: [],
});

/**
 * Returns IPv6 if it is switched off for the IPVS device: the kernel refuses its addresses there. A new device gets the
 * value of `default`.
 */
async function switchedOff(node: NodeAccess): Promise<readonly UnservedFamily[]> {
  const ofDevice = await disabledIpv6(node, ipvsDevice);
  const isDisabled = ofDevice ?? (await disabledIpv6(node, 'default')) ?? false;
  if (!isDisabled) return [];
  const scope = ofDevice === undefined ? 'default' : ipvsDevice;
  const parameter = (await disabledIpv6(node, 'all')) ? 'all' : scope;
  return [unservedIpv6(`its kernel parameter net.ipv6.conf.${parameter}.disable_ipv6 is 1`)];
}

const unservedIpv6 = (reason: string): UnservedFamily => ({ family: 'IPv6', reason, areRulesKnown: true });

/** Returns undefined if there is no such device. */
async function disabledIpv6(node: NodeAccess, scope: string): Promise<boolean | undefined> {
  const value = await node.readFile(`/proc/sys/net/ipv6/conf/${scope}/disable_ipv6`);
  return value === undefined ? undefined : value.trim() !== '0';
}

/**
 * Returns the families that a node can serve. Tables that nothing has shown yet may be missing in the kernel. They are
 * tried out only if Services need them, because that loads their modules, and a sync would fail half-way without them.
 * @param node with the iptables backend that its rules are in
 * @param needed the families that Services have
 * @throws KproxyError if a tool fails for another reason
 */
export async function familySupport(
  node: NodeAccess,
  byFamily: readonly FamilyRules[],
  needed: PromiseLike<ReadonlySet<Family>>,
): Promise<FamilySupport> {
  const unseen = byFamily.filter(rules => !hasNatTable(rules)).map(({ family }) => family);
  const known = [...lackingOf(byFamily), ...(await switchedOff(node))];
  const open = unseen.filter(family => !known.some(one => one.family === family));
  if (open.length === 0) return { unserved: oncePerFamily(known), untried: [] };
  const wanted = await needed;
  // Of a cluster's only family nothing can be left out. An absent IPv6 may be a module that is not loaded yet.
  const isWorthwhile = (family: Family) => wanted.has(family) && (wanted.size > 1 || !isInKernel(byFamily, family));
  const tried = open.filter(isWorthwhile);
  const found = await Promise.all(tried.map(family => tryTables(node, family)));
  return {
    unserved: oncePerFamily([...known, ...found.flatMap(one => one ?? [])]),
    untried: open.filter(family => !wanted.has(family)),
  };
}

const hasNatTable = (rules: FamilyRules): boolean => rules.is === 'read' && /^\*nat$/m.test(rules.text);

const isInKernel = (byFamily: readonly FamilyRules[], family: Family): boolean =>
  !byFamily.some(rules => rules.family === family && rules.is === 'not in the kernel');

const lackingOf = (byFamily: readonly FamilyRules[]): readonly UnservedFamily[] =>
  byFamily.flatMap(rules =>
    rules.is === 'lacking'
      ? [{ family: rules.family, reason: rules.reason, areRulesKnown: !isProgramMissing(rules) }]
      : [],
  );

const isProgramMissing = ({ error, reason }: Extract<FamilyRules, { is: 'lacking' }>): boolean =>
  error.code === 'tool-missing' || noProgram.test(reason);

const oncePerFamily = (unserved: readonly UnservedFamily[]): readonly UnservedFamily[] => [
  ...new Map(unserved.map(one => [one.family, one] as const).reverse()).values(),
];

/** Lists a chain of the table nat, as kube-proxy does when it starts, which loads the modules that there are. */
async function tryTables(node: NodeAccess, family: Family): Promise<UnservedFamily | undefined> {
  const command = { argv: tableCommand({ family, table: 'nat' }, '-S', 'POSTROUTING') };
  try {
    const result = await node.run(command);
    if (result.exitCode !== 0) throw failureOf(command, result);
  } catch (error) {
    const reason = lackOf(error);
    if (reason === undefined) throw error;
    return { family, reason: await kernelReason(node, family, reason), areRulesKnown: true };
  }
  const [unserved] = family === 'IPv6' ? (await supportInKernel(node)).unserved : [];
  return unserved;
}

/** A kernel without IPv6 is a better reason than what a tool says about it. */
async function kernelReason(node: NodeAccess, family: Family, reason: string): Promise<string> {
  const [inKernel] = family === 'IPv6' ? (await supportInKernel(node)).unserved : [];
  return inKernel?.reason ?? reason;
}
