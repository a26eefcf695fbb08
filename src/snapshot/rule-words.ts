import { canonicalAddress } from '../net/address.js';
import { canonicalNetwork } from '../net/network.js';
import type { Table } from '../node/element.js';
import { isOwnChain } from '../node/names.js';
import { shortened } from '../visible.js';

/*
 * The rules of a snapshot become arguments of iptables, and lines of iptables-restore. An option that is none of a rule
 * is one of the program then: `--modprobe=/tmp/x` runs a program, `-t mangle` names another table. So only options that
 * iptables-save prints for the rules of kproxy and kube-proxy are accepted, and of those of other software in kproxy's
 * chains the usual ones. Each has its number of values, so that no value can be taken for an option.
 */

/** Returns what is wrong with the values of an option, or undefined. */
type ValueCheck = (values: readonly string[], table: Table) => string | undefined;

interface OptionForm {
  readonly values: number;
  readonly problem: ValueCheck;
}

const option = (values: number, problem: ValueCheck = plainValues): OptionForm => ({ values, problem });

/** Of what iptables knows no value begins so, but for free texts: a value is never an option. */
function plainValues(values: readonly string[]): string | undefined {
  const odd = values.find(value => value === '' || value.startsWith('-'));
  return odd === undefined ? undefined : `has an option without its value before ${quoted(odd)}`;
}

const anyText = option(1, () => undefined);

const matching =
  (pattern: RegExp, what: string): ValueCheck =>
  ([value = '']) =>
    pattern.test(value) ? undefined : `has ${quoted(value)}, which is not ${what}`;

/** iptables asks the resolver for the address of any other text. */
const address = option(1, ([value = '']) => (isAddress(value) ? undefined : `has ${quoted(value)} as address`));
const isAddress = (value: string): boolean =>
  /^[0-9a-f.:/]+$/i.test(value) && (canonicalNetwork(value) !== undefined || areAddressAndMask(value.split('/')));

/** A mask with gaps has no length. */
const areAddressAndMask = (parts: readonly string[]): boolean =>
  parts.length <= 2 && parts.every(part => canonicalAddress(part) !== undefined);

/** A module is a file in iptables' folder. */
const moduleName = option(1, matching(/^[a-z][a-z0-9_]{0,28}$/, 'the name of a match'));

/** What a rule of kproxy's or kube-proxy's does with a packet, apart from the jump to another of their chains. */
const verdicts: ReadonlySet<string> = new Set(['ACCEPT', 'DROP', 'RETURN', 'REJECT', 'MARK', 'MASQUERADE', 'LOG']);

const target = option(1, ([name = ''], table) =>
  verdicts.has(name) || isOwnChain(table, name)
    ? undefined
    : `has the target ${quoted(name)}, which no rule of kproxy has`,
);

const forms: ReadonlyMap<string, OptionForm> = new Map([
  ...['-s', '-d', '--vaddr'].map(name => [name, address] as const),
  ...['-i', '-o', '-p'].map(name => [name, option(1)] as const),
  ['-f', option(0)],
  ['-m', moduleName],
  ['-j', target],
  ['-g', target],
  ...['--comment', '--log-prefix'].map(name => [name, anyText] as const),
  ...['--match-set', '--tcp-flags'].map(name => [name, option(2)] as const),
  ...['--random-fully', '--random', '--return-nomatch', '--ipvs'].map(name => [name, option(0)] as const),
  ...['--physdev-is-in', '--physdev-is-out', '--physdev-is-bridged'].map(name => [name, option(0)] as const),
  ...[
    ...['--ctstate', '--ctdir', '--state', '--mark', '--set-xmark', '--set-mark', '--or-mark', '--reject-with'],
    ...['--src-type', '--dst-type', '--vproto', '--vport', '--vdir', '--physdev-in', '--physdev-out'],
    ...['--sport', '--dport', '--sports', '--dports', '--ports', '--icmp-type', '--icmpv6-type'],
    ...['--limit', '--limit-burst', '--log-level', '--to-ports'],
  ].map(name => [name, option(1)] as const),
]);

const quoted = (word: string): string => JSON.stringify(shortened(word, 80));

/** Returns what keeps a rule from being one of kproxy's chains, or undefined. */
export function ruleProblem(argv: readonly string[], table: Table): string | undefined {
  for (let at = 0; at < argv.length; ) {
    const start = argv[at] === '!' ? at + 1 : at;
    const name = argv[start] ?? '!';
    const form = forms.get(name);
    if (form === undefined) return `has the word ${quoted(name)}, which no rule of kproxy has`;
    const end = start + 1 + form.values;
    if (end > argv.length) return `ends with ${name} without its value`;
    const problem = form.problem(argv.slice(start + 1, end), table);
    if (problem !== undefined) return problem;
    at = end;
  }
  return undefined;
}
