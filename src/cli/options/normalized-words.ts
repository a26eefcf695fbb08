import type { Option } from 'commander';
import { KproxyError } from '../../errors.js';
import { booleanOfWord } from '../../proxy/configuration/boolean-word.js';

export interface NormalizedWords {
  /** The words for commander. */
  readonly rest: readonly string[];
  /** By attribute: the flags that are turned off, which commander's own syntax cannot express. `watch` is false. */
  readonly turnedOff: ReadonlyMap<string, boolean>;
}

/**
 * Turns flags in the syntax of kube-proxy (pflag) into that of commander: `--flag=true` and `--flag=false` for flags
 * without a value, underscores for hyphens, and `-v 4`, `-v=4` and `-v4` for `--v=4`. The last of a repeated flag
 * counts. Words that are none of these options stay.
 * @throws KproxyError option-invalid for a value that is neither true nor false
 */
export function normalizedWords(words: readonly string[], options: readonly Option[]): NormalizedWords {
  const rest: string[] = [];
  const turnedOff = new Map<string, boolean>();
  const hasLevel = options.some(({ long }) => long === '--v');
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--') return { rest: [...rest, ...words.slice(index)], turnedOff };
    const level = hasLevel ? verbosityAt(words, index) : undefined;
    const { flag, value } = flagIn(word);
    const option = options.find(({ long, short }) => long === flag || short === word);
    if (level !== undefined) {
      rest.push(`--v=${level.digits}`);
      index += level.words - 1;
    } else if (option === undefined) rest.push(word);
    else if (takesValue(option)) {
      rest.push(value === undefined ? flag : `${flag}=${value}`);
      if (value === undefined && index + 1 < words.length) rest.push(words[++index] ?? '');
    } else if (value === undefined || isOn(option, value)) {
      turnedOff.delete(option.attributeName());
      rest.push(flag);
    } else turnedOff.set(option.attributeName(), option.negate);
  }
  return { rest, turnedOff };
}

/** Returns the level of `-v 4`, `-v=4` or `-v4`, and how many words that are. */
export function verbosityAt(
  words: readonly string[],
  index: number,
): { readonly digits: string; readonly words: 1 | 2 } | undefined {
  const [, digits] = /^-v=?(\d+)$/.exec(words[index] ?? '') ?? [];
  if (digits !== undefined) return { digits, words: 1 };
  const next = words[index + 1] ?? '';
  return words[index] === '-v' && /^\d+$/.test(next) ? { digits: next, words: 2 } : undefined;
}

/** Returns the flag of a word, with hyphens for underscores, and its value, if it has one: `--v=4`. */
export function flagIn(word: string): { readonly flag: string; readonly value?: string } {
  if (!word.startsWith('--')) return { flag: word };
  const [, name = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  return { flag: name.replaceAll('_', '-'), ...(value !== undefined && { value }) };
}

const takesValue = ({ required, optional }: Option): boolean => required || optional;

function isOn({ long }: Option, value: string): boolean {
  // kube-proxy's --version=raw prints more about the version.
  const isTrue = long === '--version' && value === 'raw' ? true : booleanOfWord(value);
  if (isTrue !== undefined) return isTrue;
  throw new KproxyError({
    code: 'option-invalid',
    message: `${long}: must be true or false: ${JSON.stringify(value)}`,
    advice: 'Write it without a value, or with =true or =false. Nothing was done.',
  });
}
