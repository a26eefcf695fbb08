import * as z from 'zod';
import type { Family } from '../../net/address.js';
import { hostNetwork } from '../../net/network.js';
import type { NumberRange, RoutingRule } from '../datapath/datapath.js';
import { presentItems } from './ip-json.js';

const rulesSchema = z.array(
  z.looseObject({
    priority: z.int(),
    /** Printed as null if the rule is inverted. */
    not: z.null().optional(),
    src: z.string(),
    srclen: z.int().optional(),
    dst: z.string().optional(),
    dstlen: z.int().optional(),
    iif: z.string().optional(),
    oif: z.string().optional(),
    fwmark: z.string().optional(),
    fwmask: z.string().optional(),
    /** Only packets with this type of service, `0x10`. */
    tos: z.string().optional(),
    ipproto: z.string().optional(),
    sport: z.int().optional(),
    sport_start: z.int().optional(),
    sport_end: z.int().optional(),
    dport: z.int().optional(),
    dport_start: z.int().optional(),
    dport_end: z.int().optional(),
    uid_start: z.int().optional(),
    uid_end: z.int().optional(),
    suppress_prefixlen: z.int().optional(),
    /** `none` if no rule has the priority any more. */
    goto: z.union([z.int(), z.literal('none')]).optional(),
    table: z.string().optional(),
    action: z.string().optional(),
    /** Printed as null if the rule does nothing. */
    nop: z.null().optional(),
  }),
);

type PrintedRule = z.infer<typeof rulesSchema>[number];

/** What is known of a rule, or makes no difference to what it matches. */
const known: ReadonlySet<string> = new Set([
  ...['priority', 'not', 'src', 'srclen', 'dst', 'dstlen', 'iif', 'oif', 'fwmark', 'fwmask', 'table', 'action', 'nop'],
  ...['ipproto', 'sport', 'sport_start', 'sport_end', 'dport', 'dport_start', 'dport_end', 'uid_start', 'uid_end'],
  ...['suppress_prefixlen', 'goto', 'unresolved'],
  // Who made the rule, and that its device does not exist now: a name that no packet has.
  ...['protocol', 'iif_detached', 'oif_detached'],
]);

/**
 * Parses the output of `ip -j -4 rule show`, or `-6`. Leaves out rules that do nothing, and those for packets with a
 * type of service, because packets usually have none. A rule with an action that
 * kproxy does not know looks up `unspec`, a table without routes, and has the action among what is unknown.
 * @throws SyntaxError or ZodError if the text is not what ip prints
 */
export const parseRoutingRules = (text: string, family: Family): readonly RoutingRule[] =>
  rulesSchema
    .parse(presentItems(text))
    .filter(rule => !doesNothing(rule))
    .map(rule => ruleOf(rule, family));

/** A rule that goes to a priority that no rule has does nothing, until one has it. */
const doesNothing = (rule: PrintedRule): boolean =>
  'nop' in rule || rule.goto === 'none' || 'unresolved' in rule || (rule.tos !== undefined && !('not' in rule));

function ruleOf(rule: PrintedRule, family: Family): RoutingRule {
  const { priority, src, srclen, dst, dstlen, iif, oif } = rule;
  const source = networkOf(src, srclen);
  const destination = dst === undefined ? undefined : networkOf(dst, dstlen);
  const mark = markOf(rule);
  const sourcePorts = rangeOf(rule.sport ?? rule.sport_start, rule.sport ?? rule.sport_end);
  const destinationPorts = rangeOf(rule.dport ?? rule.dport_start, rule.dport ?? rule.dport_end);
  const users = rangeOf(rule.uid_start, rule.uid_end);
  const unknown = Object.entries(rule).flatMap(([name, value]) => (known.has(name) ? [] : [selectorText(name, value)]));
  if (actionOf(rule) === undefined && rule.action !== undefined) unknown.push(rule.action);
  return {
    family,
    priority,
    ...('not' in rule ? { isInverted: true } : {}),
    ...(source === undefined ? {} : { source }),
    ...(destination === undefined ? {} : { destination }),
    ...(iif === undefined ? {} : { inputDevice: iif }),
    ...(oif === undefined ? {} : { outputDevice: oif }),
    ...(mark === undefined ? {} : { mark }),
    ...(rule.ipproto === undefined ? {} : { protocol: rule.ipproto }),
    ...(sourcePorts === undefined ? {} : { sourcePorts }),
    ...(destinationPorts === undefined ? {} : { destinationPorts }),
    ...(users === undefined ? {} : { users }),
    ...(rule.suppress_prefixlen === undefined ? {} : { suppressedPrefix: rule.suppress_prefixlen }),
    action: actionOf(rule) ?? { kind: 'lookup', table: 'unspec' },
    ...(unknown.length === 0 ? {} : { unknown }),
  };
}

/** ip prints no length for a single address. */
function networkOf(address: string, length: number | undefined): string | undefined {
  if (address === 'all') return undefined;
  return length === undefined ? hostNetwork(address) : `${address}/${length}`;
}

/** ip prints no mask for a whole mark. */
const markOf = ({ fwmark, fwmask = '0xffffffff' }: PrintedRule): RoutingRule['mark'] =>
  fwmark === undefined ? undefined : { value: Number(fwmark), mask: Number(fwmask) };

const rangeOf = (first: number | undefined, last: number | undefined): NumberRange | undefined =>
  first === undefined || last === undefined ? undefined : { first, last };

function actionOf({ table, action, goto }: PrintedRule): RoutingRule['action'] | undefined {
  if (typeof goto === 'number') return { kind: 'goto', priority: goto };
  if (action === 'blackhole' || action === 'unreachable' || action === 'prohibit')
    return { kind: 'refuse', type: action };
  return table === undefined || action !== undefined ? undefined : { kind: 'lookup', table };
}

/** Returns `suppress_prefixlen 0`, or only the name of what has no value. */
const selectorText = (name: string, value: unknown): string => (value === null ? name : `${name} ${String(value)}`);
