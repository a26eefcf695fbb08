import { quoteCommand } from '../../../script/quote.js';
import { type Table, table } from '../../../table.js';
import { errorOfRejection } from '../rejections.js';
import type { RuleOption, RuleTarget } from '../rule.js';

/** Returns what a target does with packets, as a predicate: `are dropped`. Undefined if its options are not known. */
type TargetWords = (options: readonly RuleOption[]) => string | undefined;

const wordOf = (options: readonly RuleOption[], name: string): string | undefined =>
  options.find(option => option.name === name)?.values[0];

const reject: TargetWords = options => {
  const how = wordOf(options, '--reject-with') ?? 'icmp-port-unreachable';
  const seen = errorOfRejection(how);
  return `are rejected with ${how}${seen === undefined ? '' : `: the client sees "${seen}"`}`;
};

/**
 * Explains `--set-xmark VALUE/MASK`, which clears the bits of the mask and then flips those of the value
 * (iptables-extensions(8), MARK).
 */
function markChange(text: string): string {
  const [value = '', mask = '0xffffffff'] = text.split('/');
  if (Number(mask) === 0)
    return `have the bits ${value} of their mark flipped, which removes a mark ${value} they have`;
  if (value === mask) return `get the mark ${value}`;
  if (Number(value) === 0) return `lose the mark ${mask}`;
  return Number(mask) === 0xffffffff ? `get the mark ${value}` : `get ${value} in the bits ${mask} of their mark`;
}

const mark: TargetWords = options => {
  const change = wordOf(options, '--set-xmark') ?? wordOf(options, '--set-mark');
  return change === undefined ? undefined : markChange(change);
};

const connectionMark: TargetWords = options => {
  const change = wordOf(options, '--set-xmark') ?? wordOf(options, '--set-mark');
  if (change !== undefined) return `have their connection's mark changed (${change})`;
  const has = (name: string) => options.some(option => option.name === name);
  if (has('--save-mark')) return 'leave their mark with their connection';
  return has('--restore-mark') ? "get their connection's mark" : undefined;
};

const source: TargetWords = options => {
  const to = wordOf(options, '--to-source');
  return to === undefined ? undefined : `get the source ${to}, and so does their whole connection`;
};
const destination: TargetWords = options => {
  const to = wordOf(options, '--to-destination');
  return to === undefined ? undefined : `get the destination ${to}, and so does their whole connection`;
};
const redirect: TargetWords = options => {
  const port = wordOf(options, '--to-ports');
  return `are sent to this node itself${port === undefined ? '' : `, port ${port}`}`;
};

const connectionTracking: TargetWords = options => {
  if (options.some(({ name }) => name === '--notrack')) return 'are not tracked by conntrack';
  const helper = wordOf(options, '--helper');
  return helper === undefined ? undefined : `have conntrack's helper ${helper} follow their connection, and go on`;
};

const logged =
  (where: string): TargetWords =>
  options => {
    const prefix = wordOf(options, '--log-prefix') ?? wordOf(options, '--nflog-prefix');
    return `are logged ${where}${prefix === undefined ? '' : ` with the prefix ${JSON.stringify(prefix)}`}, and go on`;
  };

const setChange: TargetWords = options => {
  const change = options.find(({ name }) => name === '--add-set' || name === '--del-set');
  if (change === undefined) return undefined;
  const verb = change.name === '--add-set' ? 'are added to' : 'are removed from';
  return `${verb} the set ${change.values[0] ?? ''} (${change.values[1] ?? ''}), and go on`;
};

const targets: Table<TargetWords> = table({
  ACCEPT: () => 'are accepted: no further rule of this table and hook sees them',
  DROP: () => 'are dropped: the client gets no answer',
  REJECT: reject,
  RETURN: () => 'leave this chain undecided',
  MARK: mark,
  CONNMARK: connectionMark,
  MASQUERADE: () => 'get an address of the device through which they leave as their source',
  SNAT: source,
  DNAT: destination,
  REDIRECT: redirect,
  NOTRACK: () => 'are not tracked by conntrack, so that no address of their connection is changed',
  CT: connectionTracking,
  LOG: logged('by the kernel'),
  NFLOG: logged('by a program'),
  TRACE: () => 'have each rule that they meet logged, and go on',
  TCPMSS: () => 'have the segment size of their TCP connection limited, and go on',
  TEE: options => `are sent to ${wordOf(options, '--gateway') ?? 'a gateway'} as well, and go on`,
  DSCP: () => 'get another DSCP, and go on',
  TTL: () => 'get another TTL, and go on',
  CLASSIFY: () => 'are put into a class for their sending device, and go on',
  CONNSECMARK: () => 'have their security mark saved or restored, and go on',
  CHECKSUM: () => 'get their checksum filled in, and go on',
  SET: setChange,
});

/** A chain has a name of its own; the targets of iptables have names in capital letters without a sign. */
const looksLikeTarget = (name: string): boolean => /^[A-Z0-9]+$/.test(name);

const optionsText = (options: readonly RuleOption[]): string =>
  quoteCommand(options.flatMap(({ isNegated, name, values }) => [...(isNegated ? ['!'] : []), name, ...values]));

/**
 * Returns what a rule does with its packets, as a predicate: `are dropped: the client gets no answer`. A target that
 * kproxy does not know is named as it is written.
 * @param isChain whether a name is that of a chain of the same table; by default, whether it does not look like a
 * target of iptables
 */
export function targetWords(target: RuleTarget | undefined, isChain?: (name: string) => boolean): string {
  if (target === undefined) return 'are counted, and go on';
  const { kind, name, options } = target;
  const words = Object.hasOwn(targets, name) ? targets[name]?.(options) : undefined;
  if (words !== undefined) return words;
  if (kind === 'goto') return `go to the chain ${name}, and do not come back to this one`;
  if (!Object.hasOwn(targets, name) && (isChain?.(name) ?? !looksLikeTarget(name)))
    return `go through the chain ${name}, and come back if it does not decide`;
  const how = options.length === 0 ? '' : ` ${optionsText(options)}`;
  return `go to the target "${name}${how}" (kproxy does not know it)`;
}
