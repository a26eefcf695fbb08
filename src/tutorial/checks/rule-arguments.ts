import { splitRule } from '../../node/tools/iptables-save.js';

/** An argument of a rule with its values. */
interface RuleArgument {
  /** The option, and the match or target that it belongs to: `set --match-set`. Without `!`. */
  readonly option: string;
  /** As iptables-save prints it: `! --match-set KUBE-CLUSTER-IP dst,dst`. */
  readonly text: string;
}

/** Returns the arguments of a rule that decide about packets. A comment decides nothing. */
function argumentsOf(rule: string): readonly RuleArgument[] {
  let owner = '';
  return [...argumentWords(splitRule(rule))].flatMap(words => {
    const option = words.find(word => word !== '!') ?? '';
    const argument = { option: `${owner} ${option}`.trim(), text: words.join(' ') };
    if (option === '-m' || isTarget(option)) owner = words.at(-1) ?? '';
    // Its options say which match it is.
    if (option === '-m' || option === '--comment') return [];
    return isTarget(option) ? { ...argument, option } : argument;
  });
}

const isTarget = (option: string): boolean => option === '-j' || option === '-g';

/** Splits the words of a rule into arguments: an option with the `!` before it and the values behind it. */
function* argumentWords(words: readonly string[]): Generator<readonly string[]> {
  let open: string[] = [];
  for (const word of words) {
    const isValue = open.at(-1) === '--comment' || !/^(!|--?[a-z].*)$/.test(word);
    if (!isValue && open.length > 0 && open.at(-1) !== '!') {
      yield open;
      open = [];
    }
    open.push(word);
  }
  if (open.length > 0) yield open;
}

/** The argument in which a rule differs from the wanted one. Undefined on the side that does not have it. */
export type ArgumentDifference =
  | { readonly actual: string; readonly wanted: string }
  | { readonly actual: string; readonly wanted: undefined }
  | { readonly actual: undefined; readonly wanted: string };

/** Returns true if the kernel treats packets alike by both rules. The order of matches makes no difference. */
export const isSameRule = (one: string, other: string): boolean => {
  const { extra, lacking } = compare(one, other);
  return extra.length === 0 && lacking.length === 0;
};

/** Returns the one argument in which a rule differs from the wanted one, or undefined if they have less in common. */
export function onlyArgument(rule: string, wanted: string): ArgumentDifference | undefined {
  const { extra, lacking, common } = compare(rule, wanted);
  const [actual, other] = [extra[0], lacking[0]];
  if (common === 0 || extra.length > 1 || lacking.length > 1) return undefined;
  if (other === undefined) return actual && { actual: actual.text, wanted: undefined };
  if (actual === undefined) return { actual: undefined, wanted: other.text };
  return actual.option === other.option ? { actual: actual.text, wanted: other.text } : undefined;
}

function compare(rule: string, wanted: string) {
  const left = [...argumentsOf(rule)];
  const lacking = argumentsOf(wanted).filter(argument => {
    const at = left.findIndex(({ option, text }) => option === argument.option && text === argument.text);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return { extra: left, lacking, common: argumentsOf(wanted).length - lacking.length };
}
