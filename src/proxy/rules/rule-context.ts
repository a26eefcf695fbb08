import type { Family } from '../../net/address.js';
import type { Protocol } from '../../net/protocol.js';
import type { Rule, Table } from '../../node/element.js';
import { kernelSetName, type SetName } from '../../node/names.js';
import type { ProxyOptions } from '../options.js';
import { setPurposes } from '../sets.js';

/** A load balancer VIP and port that this node itself must not reach. */
export interface ClosedToNode {
  readonly address: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly servicePort: string;
}

/** All that the rules of one family follow from: the options, and which sets have entries. Never the number of Services. */
export interface RuleContext {
  readonly family: Family;
  readonly options: ProxyOptions;
  readonly hasEntries: (set: SetName) => boolean;
  readonly closedToNode: readonly ClosedToNode[];
}

/** One of kproxy's chains, and when a node needs it. */
export interface ChainRules {
  readonly table: Table;
  readonly name: string;
  readonly why: string;
  rules(context: RuleContext): readonly Rule[];
}

/** The mark that says `masquerade me`, as iptables prints it: bit 14 is kube-proxy's and the chapter's 0x4000. */
const markText = ({ options }: RuleContext): string => `0x${(2 ** options.masqueradeBit).toString(16)}`;

/** Value and mask to set or to look for. */
export const masqueradeMark = (context: RuleContext): string => `${markText(context)}/${markText(context)}`;
/** Value and mask that flip a mark that is set, which takes it off. */
export const masqueradeUnmark = (context: RuleContext): string => `${markText(context)}/0x0`;

export const comment = (text: string): readonly string[] => ['-m', 'comment', '--comment', text];
export const jump = (target: string): readonly string[] => ['-j', target];

/** A match of a set with kube-proxy's comment. */
export const setMatch = (context: RuleContext, set: SetName, directions: string): readonly string[] => [
  ...comment(setPurposes[set].comment),
  ...bareSetMatch(context, set, directions),
];

export const bareSetMatch = ({ family }: RuleContext, set: SetName, directions: string): readonly string[] => [
  '-m',
  'set',
  '--match-set',
  kernelSetName(set, family),
  directions,
];

/** A rule about one set: there only where the set has entries. */
export const ruleForSet = (
  context: RuleContext,
  set: SetName,
  argv: (context: RuleContext) => readonly string[],
  why: string,
): readonly Rule[] =>
  context.hasEntries(set) ? [{ argv: argv(context), why, sets: [kernelSetName(set, context.family)] }] : [];

export const always = (why: string, ...argv: readonly string[]): Rule => ({ argv, why });
