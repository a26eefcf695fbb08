import { KproxyError } from '../../../errors.js';
import type { Family } from '../../../net/address.js';
import type { Rule } from '../../../node/element.js';

/** A rule as a user names it: by its words, or by its number in a chain. */
export interface AskedRule {
  readonly family: Family | undefined;
  readonly table: string | undefined;
  readonly chain: string | undefined;
  readonly number: number | undefined;
  /** Empty if the rule is named by its number. */
  readonly argv: Rule;
}

/**
 * Splits a text as a shell does, with the quotes of iptables-save too: that prints `\'` inside of double quotes.
 * @throws KproxyError `option-invalid` if a quote has no end
 */
export function shellWords(text: string): readonly string[] {
  const words: string[] = [];
  const token = /(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])+|\S/gs;
  for (const [word] of text.matchAll(token)) {
    if (word === '"' || word === "'") throw notARule(text, `The quote ${word} has no end.`);
    words.push(
      word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/gs, (_, double?: string, single?: string, escaped?: string) =>
        double === undefined ? (single ?? escaped ?? '') : double.replace(/\\(.)/gs, '$1'),
      ),
    );
  }
  return words;
}

/** The options of iptables before a rule, with the number of their values. */
const commandOptions: ReadonlyMap<string, number> = new Map(
  Object.entries({ '-w': 0, '--wait': 0, '-4': 0, '-6': 0, '-n': 0, '-v': 0, '-c': 2, '--set-counters': 2, '-W': 1 }),
);
const tableOptions: readonly string[] = ['-t', '--table'];
const verbs: readonly string[] = ['-A', '-I', '-C', '-D', '-R', '-S'];
const longVerbs: readonly string[] = ['--append', '--insert', '--check', '--delete', '--replace', '--list-rules'];

/**
 * Parses a rule as iptables-save prints it, a whole command of iptables, or a place: `nat KUBE-SERVICES 3`.
 * @throws KproxyError `option-invalid`
 */
export function parseRuleText(text: string): AskedRule {
  const words = shellWords(text).filter(word => !/^\[\d+:\d+\]$/.test(word));
  const program = words.findIndex(word => /^(.*\/)?ip6?tables(-nft|-legacy)?$/.test(word));
  const isAtStart = program === 0 || (program === 1 && words[0] === 'sudo');
  const family = isAtStart ? (words[program]?.includes('ip6') ? 'IPv6' : 'IPv4') : undefined;
  const asked = isAtStart ? words.slice(program + 1) : words;
  return placeByNumber(asked, family) ?? ruleByWords(text, asked, family);
}

/** Returns the place that `[TABLE] CHAIN NUMBER` names. */
function placeByNumber(words: readonly string[], family: Family | undefined): AskedRule | undefined {
  const number = words.at(-1) ?? '';
  const isPlace = /^[1-9]\d*$/.test(number) && (words.length === 2 || words.length === 3);
  if (!isPlace || words.some(word => word.startsWith('-'))) return undefined;
  const [table, chain] = words.length === 3 ? words : [undefined, words[0]];
  return { family, table, chain, number: Number(number), argv: [] };
}

function ruleByWords(text: string, words: readonly string[], family: Family | undefined): AskedRule {
  const argv: string[] = [];
  let table: string | undefined;
  let chain: string | undefined;
  let number: number | undefined;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const isText = words[at - 1] === '--comment';
    if (isText) argv.push(word);
    else if (tableOptions.includes(word)) table = words[++at];
    else if (verbs.includes(word) || longVerbs.includes(word)) {
      chain = words[++at];
      if (/^\d+$/.test(words[at + 1] ?? '')) number = Number(words[++at]);
    } else if (argv.length === 0 && commandOptions.has(word)) at += commandOptions.get(word) ?? 0;
    else argv.push(word);
  }
  if (argv.length === 0 && chain !== undefined && number !== undefined) return { family, table, chain, number, argv };
  if (!/^[-!]/.test(argv[0] ?? '')) throw notARule(text, 'A rule begins with an option.');
  return { family, table, chain, number: undefined, argv };
}

const notARule = (text: string, evidence: string): KproxyError =>
  new KproxyError({
    code: 'option-invalid',
    message: `${JSON.stringify(text)} is not a rule`,
    evidence,
    advice:
      "Give it as iptables-save prints it, in quotes: '-A KUBE-FORWARD -m mark … -j ACCEPT', or 'nat KUBE-SERVICES 3'.",
  });
