import { KubectlFailure } from '../failure.js';

/** A flag of a command. */
export interface Flag {
  readonly name: string;
  readonly short?: string;
  /** `optional`: a text may follow only behind `=`. */
  readonly takes: 'nothing' | 'text' | 'optional';
}

const flag = (takes: Flag['takes'], name: string, short?: string): Flag => ({
  name,
  takes,
  ...(short === undefined ? {} : { short }),
});

export const plainFlag = (name: string, short?: string): Flag => flag('nothing', name, short);
export const textFlag = (name: string, short?: string): Flag => flag('text', name, short);
export const optionalFlag = (name: string, short?: string): Flag => flag('optional', name, short);

/** Flags that every command has. Those about the connection to an API server change nothing here. */
export const globalFlags: readonly Flag[] = [
  textFlag('namespace', 'n'),
  textFlag('context'),
  textFlag('kubeconfig'),
  textFlag('cluster'),
  textFlag('user'),
  textFlag('server', 's'),
  textFlag('token'),
  textFlag('as'),
  textFlag('cache-dir'),
  textFlag('request-timeout'),
  plainFlag('insecure-skip-tls-verify'),
  plainFlag('warnings-as-errors'),
  textFlag('v', 'v'),
  plainFlag('help', 'h'),
];

/** What a command line says. */
export interface Options {
  /** What is no flag, in order. */
  readonly words: readonly string[];
  /** Returns the last value of a flag. */
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  isOn(name: string): boolean;
}

/**
 * Parses the arguments of a command.
 * @param command how the command is called: `get`, `config view`
 * @throws KubectlFailure in the words of kubectl
 */
export function parseOptions(command: string, argv: readonly string[], flags: readonly Flag[]): Options {
  const values = new Map<string, string[]>();
  const words: string[] = [];
  const rest = [...argv];
  const add = ({ name }: Flag, value: string) => values.set(name, [...(values.get(name) ?? []), value]);
  const fail = (what: string): never => {
    throw new KubectlFailure(`error: ${what}\nSee '${`kubectl ${command}`.trim()} --help' for usage.`);
  };
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') words.push(...rest.splice(0));
    else if (word.startsWith('--')) readLong(word, flags, rest, add, fail);
    else if (/^-./.test(word)) readShort(word, flags, rest, add, fail);
    else words.push(word);
  }
  const texts = (name: string) => values.get(name) ?? [];
  return {
    words,
    texts,
    text: name => texts(name).at(-1),
    isOn: name => !['false', '0', undefined].includes(texts(name).at(-1)?.toLowerCase()),
  };
}

type Add = (flag: Flag, value: string) => void;
type Fail = (what: string) => never;

/** What a flag without a text is set to. */
const on = 'true';

function readLong(word: string, flags: readonly Flag[], rest: string[], add: Add, fail: Fail): void {
  const [, name = '', value] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  const flag = flags.find(other => other.name === name) ?? fail(`unknown flag: --${name}`);
  if (value !== undefined) add(flag, value);
  else if (flag.takes !== 'text') add(flag, on);
  else add(flag, rest.shift() ?? fail(`flag needs an argument: --${name}`));
}

/** Several flags may follow one dash, the last one with its text behind it: `-owide`, `-Ao wide`. */
function readShort(word: string, flags: readonly Flag[], rest: string[], add: Add, fail: Fail): void {
  for (let letters = word.slice(1); letters !== ''; ) {
    const [letter = ''] = letters;
    const flag = flags.find(({ short }) => short === letter) ?? fail(`unknown shorthand flag: '${letter}' in ${word}`);
    letters = letters.slice(letter.length);
    if (flag.takes !== 'text' && !letters.startsWith('=')) add(flag, on);
    else {
      const text = letters.replace(/^=/, '');
      add(flag, text || (rest.shift() ?? fail(`flag needs an argument: '${letter}' in ${word}`)));
      letters = '';
    }
  }
}
