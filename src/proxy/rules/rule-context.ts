import type { Family } from '../../net/address.js';
import type { Protocol } from '../../net/protocol.js';
import type { Rule, Table } from '../../node/element.js';
import { kernelSetName, type SetName } from '../../node/names.js';
import type { RuleReason } from '../../node/reason.js';
import type { ProxyOptions } from '../options.js';
import { setPurposes } from '../sets.js';

/** A load balancer VIP and port that this node itself must not reach. */
export interface ClosedToNode {
  readonly address: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly servicePort: string;
}

/** What the rules of one family follow from: the options, and which sets have entries. Never the number of Services. */
export interface RuleContext {
  readonly family: Family;
  readonly options: ProxyOptions;
  readonly hasEntries: (set: SetName) => boolean;
  readonly closedToNode: readonly ClosedToNode[];
}

/** A rule with its reason. */
export interface DesiredRule extends RuleReason {
  readonly rule: Rule;
}

/** One of kproxy's chains, and the rules that a node needs in it. */
export interface ChainRules {
  readonly table: Table;
  readonly name: string;
  /** What the chain does: a whole sentence. */
  readonly why: string;
  rules(context: RuleContext): readonly DesiredRule[];
}

/** Returns the masquerade mark as iptables prints it. Bit 14 is the 0x4000 of kube-proxy and the tutorial. */
const markText = ({ options }: RuleContext): string => `0x${(2 ** options.masqueradeBit).toString(16)}`;

/** Returns the value and mask that set the masquerade mark or match it. */
export const masqueradeMark = (context: RuleContext): string => `${markText(context)}/${markText(context)}`;
/** Returns a match of packets with the masquerade mark. */
export const markMatch = (context: RuleContext): Rule => ['-m', 'mark', '--mark', masqueradeMark(context)];
/** Returns a match of packets without it. */
export const noMarkMatch = (context: RuleContext): Rule => ['-m', 'mark', '!', '--mark', masqueradeMark(context)];
/** Returns the value and mask that flip the masquerade mark, which removes one that is set. */
export const masqueradeUnmark = (context: RuleContext): string => `${markText(context)}/0x0`;

export const comment = (text: string): Rule => ['-m', 'comment', '--comment', text];
export const jump = (target: string): Rule => ['-j', target];

/** Returns a match of a set with kube-proxy's comment. */
export const setMatch = (context: RuleContext, set: SetName, directions: string): Rule => [
  ...comment(setPurposes[set].comment),
  ...bareSetMatch(context, set, directions),
];

export const bareSetMatch = ({ family }: RuleContext, set: SetName, directions: string): Rule => [
  '-m',
  'set',
  '--match-set',
  kernelSetName(set, family),
  directions,
];

/** Returns a rule about one set, or nothing if the set has no entries. */
export const ruleForSet = (
  context: RuleContext,
  set: SetName,
  rule: (context: RuleContext) => Rule,
  why: string,
): readonly DesiredRule[] =>
  context.hasEntries(set) ? [{ rule: rule(context), why, sets: [kernelSetName(set, context.family)] }] : [];

/** Returns a rule that no set decides about. */
export const always = (why: string, ...rule: Rule): DesiredRule => ({ rule, why, sets: [] });
