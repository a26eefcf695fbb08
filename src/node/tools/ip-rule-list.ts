import * as z from 'zod';
import type { Family } from '../../net/address.js';
import { hostNetwork } from '../../net/network.js';
import type { RoutingRule } from '../datapath/datapath.js';
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
  // Who made the rule, and that its device does not exist now: a name that no packet has.
  ...['protocol', 'iif_detached', 'oif_detached'],
]);

/**
 * Parses the output of `ip -j -4 rule show`, or `-6`. Leaves out rules that do nothing. A rule with an action that
 * kproxy does not know looks up `unspec`, a table without routes, and has the action among what is unknown.
 * @throws SyntaxError or ZodError if the text is not what ip prints
 */
export const parseRoutingRules = (text: string, family: Family): readonly RoutingRule[] =>
  rulesSchema
    .parse(presentItems(text))
    .filter(rule => !('nop' in rule))
    .map(rule => ruleOf(rule, family));

function ruleOf(rule: PrintedRule, family: Family): RoutingRule {
  const { priority, src, srclen, dst, dstlen, iif, oif } = rule;
  const source = networkOf(src, srclen);
  const destination = dst === undefined ? undefined : networkOf(dst, dstlen);
  const mark = markOf(rule);
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

function actionOf({ table, action }: PrintedRule): RoutingRule['action'] | undefined {
  if (action === 'blackhole' || action === 'unreachable' || action === 'prohibit')
    return { kind: 'refuse', type: action };
  return table === undefined || action !== undefined ? undefined : { kind: 'lookup', table };
}

/** Returns `suppress_prefixlen 0`, or only the name of what has no value. */
const selectorText = (name: string, value: unknown): string => (value === null ? name : `${name} ${String(value)}`);
