import { quotedIfHostile } from '../../cluster/problems.js';
import { addressAndPort } from '../../net/address.js';
import type { Change } from '../../node/change.js';
import type { Element, Jumps, Rule } from '../../node/element.js';
import { kindOf } from '../../node/kinds/index.js';
import { wantedValue } from '../../node/kinds/sysctl.js';
import { sysctlName } from '../../node/sysctl-name.js';
import { iptablesProgram, ruleText } from '../../node/tools/iptables.js';
import { virtualServerText } from '../../node/tools/text.js';
import type { RuleEdit } from './rule-edits.js';
import { sentence } from './sentences.js';

/** Returns what is wrong with an element: `The entry 10.254.10.128,tcp:80 is missing in KUBE-CLUSTER-IP.` */
export function changeSentence(change: Change): string {
  if (change.verb === 'add') return missing(change.after);
  if (change.verb === 'remove')
    return `The ${kindOf(change.before).describe(change.before)} is there, and no Service needs it.`;
  return different(change);
}

function missing(element: Element): string {
  switch (element.kind) {
    case 'entry':
      return `The entry ${element.value} is missing in ${element.set}.`;
    case 'address':
      return `The address ${element.address} is missing on ${element.link}.`;
    case 'real-server': {
      const { address, port, server } = element;
      return `The real server ${addressAndPort(address, port)} of ${virtualServerText(server)} is missing.`;
    }
    case 'virtual-server':
      return `The virtual server ${virtualServerText(element)} is missing.`;
    case 'set':
      return `The set ${element.name} is missing.`;
    case 'jumps':
      return missingJumps(element);
    case 'sysctl':
      return different({ verb: 'change', before: { ...element, value: '' }, after: element });
    default:
      return `The ${kindOf(element).describe(element)} is missing.`;
  }
}

function missingJumps(jumps: Jumps): string {
  const targets = jumps.rules.map(rule => rule.at(-1)).join(', ');
  return jumps.rules.length === 1
    ? `The jump from ${placeText(jumps)} to ${targets} is missing.`
    : `The jumps from ${placeText(jumps)} to ${targets} are missing.`;
}

function different(change: Change & { readonly verb: 'change' }): string {
  const { before, after, behind } = change;
  if (before.kind === 'sysctl' && after.kind === 'sysctl') {
    const present = before.value === '' ? 'could not be read' : `is ${before.value}`;
    return `The kernel parameter ${sysctlName(after.name)} ${present} and should be ${wantedValue(after)}.`;
  }
  if (behind !== undefined)
    return sentence(
      `the ${kindOf(after).describe(after)} are behind a rule of other software that ends the packet's way`,
    );
  const ways = kindOf(after).differences?.(before, after) ?? [];
  return sentence(`the ${kindOf(after).describe(before)} is not as it should be: ${ways.join('; ')}`);
}

/** The place of kproxy's rules. */
interface Place {
  readonly family: 'IPv4' | 'IPv6';
  readonly table: string;
  readonly chain: string;
}

export const placeText = ({ family, table, chain }: Place): string =>
  `${chain} in ${iptablesProgram(family)} -t ${table}`;

/** Returns a rule as iptables takes it, quoted if it has control characters. */
export const shownRule = (rule: Rule): string => quotedIfHostile(ruleText(rule));

/** Returns `Rule 1 of KUBE-MARK-MASQ in iptables -t nat is missing (-j MARK --set-xmark 0x4000/0x4000).` */
export const editSentence = (place: Place, { verb, rule, number, index }: RuleEdit): string =>
  verb === 'insert'
    ? `Rule ${index + 1} of ${placeText(place)} is missing (${shownRule(rule)}).`
    : `Rule ${number} of ${placeText(place)} does not belong there (${shownRule(rule)}).`;
