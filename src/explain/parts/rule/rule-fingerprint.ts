import { canonicalNetwork, withoutHostPrefix } from '../../../net/network.js';
import { protocolNames, protocolNumbers, protocols } from '../../../net/protocol.js';
import type { Rule } from '../../../node/element.js';
import { parseRule } from '../../rules/parse-rule.js';
import type { ParsedRule, RuleMatch, RuleOption } from '../../rules/rule.js';

/** Other names of options. iptables-save prints the first of each pair. */
const shortNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '--source-port': '--sport',
    '--destination-port': '--dport',
    '--source-ports': '--sports',
    '--destination-ports': '--dports',
  }),
);

/** Returns a text that is equal for rules that do the same: however they are ordered, commented and abbreviated. */
export function ruleFingerprint(argv: Rule): string {
  const { matches, target }: ParsedRule = parseRule(argv);
  const conditions = matches
    .flatMap(match => optionsOf(match).map(option => `${protocolText(match.module)} ${option}`))
    .sort();
  const action = target === undefined ? [] : [target.kind, target.name, ...target.options.map(targetOption).sort()];
  return JSON.stringify([conditions, action]);
}

const optionsOf = ({ module, options }: RuleMatch): readonly string[] =>
  module === 'comment' ? [] : options.filter(option => !isEverything(option)).map(optionText);

/** `-p all` and `-s 0.0.0.0/0` match every packet, and iptables-save leaves them out. */
const isEverything = ({ name, values: [value = ''] }: RuleOption): boolean =>
  (name === '-p' && value === 'all') || ((name === '-s' || name === '-d') && /^(0\.0\.0\.0|::)\/0$/.test(value));

function optionText({ isNegated, name, values }: RuleOption): string {
  if (name === '--syn') return optionText({ isNegated, name: '--tcp-flags', values: ['FIN,SYN,RST,ACK', 'SYN'] });
  return [isNegated ? '!' : '', shortNames.get(name) ?? name, ...values.map(value => valueText(name, value))].join(' ');
}

function valueText(option: string, value: string): string {
  if (option === '-s' || option === '-d') return withoutHostPrefix(canonicalNetwork(value) ?? value);
  if (option === '-p') return protocolText(value);
  return value;
}

const protocolText = (word: string): string => {
  const numbered = protocols.find(protocol => String(protocolNumbers[protocol]) === word);
  return numbered === undefined ? word.toLowerCase() : protocolNames[numbered];
};

/** iptables-save prints every change of a mark as `--set-xmark VALUE/MASK`. */
const targetOption = (option: RuleOption): string => {
  const { name, values } = option;
  if (name !== '--set-mark' || values[0]?.includes('/') !== false) return optionText(option);
  return optionText({ ...option, name: '--set-xmark', values: [`${values[0]}/0xffffffff`] });
};
