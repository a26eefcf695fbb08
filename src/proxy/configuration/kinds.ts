import { isMapping } from '../../cluster/objects.js';
import { canonicalAddress, withoutLeadingZeros } from '../../net/address.js';
import { parseBindAddress } from '../../net/bind-address.js';
import { trimSpace } from '../../net/trim-space.js';
import { booleanOfWord } from './boolean-word.js';
import { goDuration } from './duration.js';
import { goFloat, goInteger } from './go-number.js';

/** A field's value, or what is wrong with it: `must be true or false`. */
type Reading<Value> = { readonly value: Value } | { readonly problem: string };

/** What a field or flag takes. */
export interface Kind<Value> {
  readonly read: (raw: unknown) => Reading<Value>;
  /** Turns the text of a flag into what a file would have. Returns the text itself if it is not of this kind. */
  readonly ofText: (text: string) => unknown;
  /** Zero may be written as a duration: `0s`. */
  readonly isDuration?: boolean;
  /** A flag of this kind needs no value: `--masquerade-all`. */
  readonly isBoolean?: boolean;
  /** A flag of this kind may be repeated: the values add up. */
  readonly isList?: boolean;
  /** The empty value of a flag of this kind turns a server off. Of all other kinds it means the default. */
  readonly emptyMeansNowhere?: boolean;
}

/** Describes a kind by what its values satisfy. */
function kind<Value>(
  accepts: (raw: unknown) => Value | undefined,
  problem: string,
  ofText: Kind<Value>['ofText'] = text => text,
): Kind<Value> {
  return {
    read: raw => {
      const value = accepts(raw);
      return value === undefined ? { problem } : { value };
    },
    ofText,
  };
}

const ifText =
  <Value>(accepts: (text: string) => Value | undefined) =>
  (raw: unknown): Value | undefined =>
    typeof raw === 'string' ? accepts(raw) : undefined;

export const text: Kind<string> = kind(
  ifText(value => value),
  'must be a string',
);

/** The name of a Node. kube-proxy trims it, and refuses one of blanks only. */
export const nodeName: Kind<string> = kind(
  ifText(value => (value === '' || value.trim() !== '' ? value : undefined)),
  'must not be blank',
);

/** A file may have the words of YAML 1.1, which Kubernetes reads: `yes`, `off`. */
export const yesOrNo: Kind<boolean> = {
  ...kind(
    raw => (typeof raw === 'boolean' ? raw : yaml11Boolean(raw)),
    'must be true or false',
    word => booleanOfWord(word) ?? word,
  ),
  isBoolean: true,
};

function yaml11Boolean(raw: unknown): boolean | undefined {
  if (['yes', 'Yes', 'YES', 'on', 'On', 'ON'].some(word => word === raw)) return true;
  return ['no', 'No', 'NO', 'off', 'Off', 'OFF'].some(word => word === raw) ? false : undefined;
}

const greatestInteger = 2 ** 31 - 1;

/** A whole number of 32 bits. */
export const wholeNumber = (from: number, to = greatestInteger): Kind<number> =>
  kind(
    raw => (typeof raw === 'number' && Number.isInteger(raw) && raw >= from && raw <= to ? raw : undefined),
    to === greatestInteger ? `must be a whole number, ${from} or more` : `must be a whole number from ${from} to ${to}`,
    digits => goInteger(digits) ?? digits,
  );

/** The level of log lines. Its flag knows decimal digits only. */
export const level: Kind<number> = {
  ...wholeNumber(0),
  ofText: digits => (/^\d+$/.test(digits) ? Number(digits) : digits),
};

export const anyNumber: Kind<number> = kind(
  raw => (typeof raw === 'number' ? raw : undefined),
  'must be a number',
  digits => goFloat(digits) ?? digits,
);

/** In milliseconds. */
export const duration: Kind<number> = {
  ...kind(
    ifText(value => atLeast(0, goDuration(value))),
    'must be a duration and not negative: 30s, 1m30s',
  ),
  isDuration: true,
};

/** In milliseconds. Zero is refused where it does not mean that the field is not set: in flags. */
export const positiveDuration: Kind<number> = {
  ...kind(
    ifText(value => atLeast(Number.MIN_VALUE, goDuration(value))),
    'must be a duration and longer than zero: 30s, 1m30s',
  ),
  isDuration: true,
};

const atLeast = (least: number, value: number | undefined): number | undefined =>
  value !== undefined && value >= least ? value : undefined;

/** A duration, or in a file a number of nanoseconds, as `logging.flushFrequency` also has it. In milliseconds. */
export const durationOrNanoseconds: Kind<number> = {
  ...kind(
    raw => atLeast(0, typeof raw === 'number' ? raw / 1e6 : typeof raw === 'string' ? goDuration(raw) : undefined),
    'must be a duration: 5s',
  ),
  isDuration: true,
};

export const texts: Kind<readonly string[]> = {
  ...kind(
    raw => (Array.isArray(raw) && raw.every(one => typeof one === 'string') ? (raw as string[]) : undefined),
    'must be a list of strings',
    list => list.split(',').filter(one => one !== ''),
  ),
  isList: true,
};

export const oneOf = <Name extends string>(...names: readonly Name[]): Kind<Name> =>
  kind(raw => names.find(name => name === raw), `must be ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`);

/** The only mode of kproxy. kube-proxy's own default is another one, so a file may leave it empty. */
export const ipvsMode: Kind<'ipvs'> = kind(
  raw => (raw === 'ipvs' ? raw : undefined),
  'must be ipvs, the only mode of kproxy (--proxy-mode=ipvs overrides a file)',
);

/** The version that `--show-hidden-metrics-for-version` takes: the one before kube-proxy's own. */
export const previousVersion: Kind<string> = kind(
  raw => (raw === '' || raw === '1.36' ? raw : undefined),
  'must be 1.36, the version before kube-proxy 1.37',
);

/** An IP address. Leading zeros are accepted, as in kube-proxy. */
export const address: Kind<string> = kind(
  ifText(value => canonicalAddress(withoutLeadingZeros(value))),
  'must be an IP address',
);

/** `0.0.0.0:10256`, `[::]:10256`, or an address alone. `server-addresses.ts` says which port an address alone gets. */
export const bindAddress: Kind<string> = {
  ...kind(
    ifText(value => (value === '' || isBindAddress(value) ? value : undefined)),
    'must be an IP address with a port: 0.0.0.0:10256, [::]:10256',
  ),
  emptyMeansNowhere: true,
};

function isBindAddress(value: string): boolean {
  const parsed = parseBindAddress(value);
  return parsed !== undefined && parsed.port !== 0;
}

/** A number of bytes as Kubernetes writes it: `"0"`, `64Ki`. */
export const quantity: Kind<string> = kind(
  raw => (/^\d+(\.\d+)?([kKMGTPE]i?)?$/.test(String(raw)) ? String(raw) : undefined),
  'must be a number of bytes: 0, 64Ki',
);

/** `{ AllowServiceExternalIPs: false }`, as a flag `AllowServiceExternalIPs=false,...`. */
export const gates: Kind<Readonly<Record<string, boolean>>> = {
  ...kind(
    raw =>
      isMapping(raw) && Object.values(raw).every(one => typeof one === 'boolean')
        ? (raw as Record<string, boolean>)
        : undefined,
    'must be a mapping of names to true or false',
    list => pairsOfText(list, word => booleanOfWord(word)),
  ),
  isList: true,
};

function pairsOfText(list: string, read: (word: string) => unknown): unknown {
  const pairs = list
    .split(',')
    .filter(pair => trimSpace(pair) !== '')
    .map(pair => [trimSpace(pair.split('=')[0] ?? ''), read(trimSpace(pair.split('=').slice(1).join('=')))] as const);
  return pairs.every(([name, value]) => name !== '' && value !== undefined) ? Object.fromEntries(pairs) : list;
}

/** `[{ filePattern: proxier, verbosity: 4 }]`, as a flag `proxier=4,...`. */
export const filePatterns: Kind<readonly unknown[]> = {
  ...kind(
    raw => (Array.isArray(raw) && raw.every(isFilePattern) ? raw : undefined),
    'must be a list of filePattern and verbosity',
    list => {
      const pairs = pairsOfText(list, digits => (/^\d+$/.test(digits) ? Number(digits) : undefined));
      if (!isMapping(pairs)) return list;
      return Object.entries(pairs).map(([filePattern, verbosity]) => ({ filePattern, verbosity }));
    },
  ),
  isList: true,
};

const isFilePattern = (raw: unknown): boolean =>
  isMapping(raw) && typeof raw.filePattern === 'string' && typeof raw.verbosity === 'number';
