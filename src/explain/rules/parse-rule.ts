import { remembered } from '../remembered.js';
import type { ParsedRule, RuleMatch, RuleOption, RuleTarget } from './rule.js';

/** The options that every rule can have, with the number of their values. Each is a match of its own. */
const ownOptions: ReadonlyMap<string, number> = new Map(
  Object.entries({ '-s': 1, '-d': 1, '-i': 1, '-o': 1, '-p': 1, '-f': 0 }),
);

/** iptables-save prints the short forms. People write the long ones too. */
const longForms: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '--source': '-s',
    '--src': '-s',
    '--destination': '-d',
    '--dst': '-d',
    '--in-interface': '-i',
    '--out-interface': '-o',
    '--protocol': '-p',
    '--fragment': '-f',
    '--match': '-m',
    '--jump': '-j',
    '--goto': '-g',
  }),
);

/**
 * The options whose values may look like an option or like `!`, with the number of their values. All other options
 * have every word up to the next option.
 */
const freeTexts: ReadonlyMap<string, number> = new Map(
  Object.entries({
    '--comment': 1,
    '--log-prefix': 1,
    '--nflog-prefix': 1,
    '--ulog-prefix': 1,
    '--string': 1,
    '--hex-string': 1,
    '--match-set': 2,
    '--add-set': 2,
    '--del-set': 2,
    '--map-set': 2,
    '--name': 1,
    '--hashlimit-name': 1,
    '--path': 1,
    '--physdev-in': 1,
    '--physdev-out': 1,
  }),
);

interface OpenMatch {
  readonly module: string;
  readonly options: RuleOption[];
  readonly words: string[];
}

interface OpenTarget extends Omit<RuleTarget, 'options'> {
  readonly options: RuleOption[];
}

interface OpenRule {
  /** The options of the rule itself, which the kernel asks first. */
  readonly own: OpenMatch[];
  readonly modules: OpenMatch[];
  target: OpenTarget | undefined;
}

/**
 * Splits a rule into what it matches and what it does. Never throws: a word that belongs to no option becomes an option
 * of its own, which no match and no target knows.
 * @param argv as iptables-save prints the rule, without `-A CHAIN`; words are unquoted
 */
export function parseRule(argv: readonly string[]): ParsedRule {
  const rule: OpenRule = { own: [], modules: [], target: undefined };
  let rest = argv;
  while (rest.length > 0) rest = rest.slice(readOption(rest, rule));
  return { matches: [...rule.own, ...rule.modules] satisfies readonly RuleMatch[], target: rule.target };
}

/** Adds the first option of the words to the rule. Returns how many words it has. */
function readOption(words: readonly string[], rule: OpenRule): number {
  const isNegated = words[0] === '!';
  const nameAt = isNegated ? 1 : 0;
  const word = words[nameAt] ?? '!';
  const name = longForms.get(word) ?? word;
  const valuesAt = nameAt + 1;
  const end = Math.min(words.length, valuesAt + valueCount(name, words.slice(valuesAt)));
  const option = { isNegated, name, values: words.slice(valuesAt, end) };
  addOption(option, words.slice(0, end), rule);
  return Math.max(end, 1);
}

function valueCount(name: string, following: readonly string[]): number {
  const known = ownOptions.get(name) ?? freeTexts.get(name) ?? (startsPart(name) ? 1 : undefined);
  if (known !== undefined) return known;
  const next = following.findIndex(word => word === '!' || word.startsWith('-'));
  return next < 0 ? following.length : next;
}

const startsPart = (name: string): boolean => name === '-m' || name === '-j' || name === '-g';

function addOption(option: RuleOption, words: readonly string[], rule: OpenRule): void {
  const { name, values } = option;
  if (ownOptions.has(name)) rule.own.push({ module: '', options: [option], words: [...words] });
  else if (startsPart(name) && values[0] !== undefined) addPart(name, values[0], words, rule);
  else if (rule.target !== undefined) rule.target.options.push(option);
  else {
    // An option before any module belongs to the module of the protocol: `-p tcp --dport 80`.
    if (rule.modules.length === 0) rule.modules.push({ module: protocolModule(rule), options: [], words: [] });
    const current = rule.modules.at(-1);
    current?.options.push(option);
    current?.words.push(...words);
  }
}

function addPart(name: string, value: string, words: readonly string[], rule: OpenRule): void {
  if (name === '-m') rule.modules.push({ module: value, options: [], words: [...words] });
  else rule.target = { kind: name === '-j' ? 'jump' : 'goto', name: value, options: [] };
}

const protocolModule = ({ own }: OpenRule): string =>
  own.flatMap(({ options }) => options).find(({ name }) => name === '-p')?.values[0] ?? '';

/** Returns a rule of the node, parsed once. */
export const parsedRule: (argv: readonly string[]) => ParsedRule = remembered(parseRule);
