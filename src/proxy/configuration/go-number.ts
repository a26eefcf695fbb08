import { type Table, table } from '../../table.js';

const digitsOf: Table<RegExp> = table({ '0x': /^[\da-f]+$/, '0o': /^[0-7]+$/, '0b': /^[01]+$/ });

/**
 * Parses a whole number as Go's `strconv.ParseInt` with base 0, and so kube-proxy's flags, does: `010` is eight, and
 * `0x10` and `1_000` are numbers. Returns undefined if the text is not one.
 */
export function goInteger(text: string): number | undefined {
  const [, sign = '', unsigned = ''] = /^([-+]?)(\w+)$/.exec(text.toLowerCase()) ?? [];
  if (/__|_$|^_/.test(unsigned)) return undefined;
  const digits = unsigned.replaceAll('_', '');
  const value = /^0\d/.test(digits) ? inBase('0o', digits.slice(1)) : inBase(digits.slice(0, 2), digits.slice(2));
  const number = value ?? (/^(0|[1-9]\d*)$/.test(digits) ? Number(digits) : undefined);
  return number === undefined || sign !== '-' ? number : 0 - number;
}

const inBase = (prefix: string, digits: string): number | undefined =>
  digitsOf[prefix]?.test(digits) ? Number(`${prefix}${digits}`) : undefined;

/** Parses a decimal number as Go's `strconv.ParseFloat` does: `.5`, `5.`, `1e3`. */
export const goFloat = (text: string): number | undefined =>
  /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : undefined;
