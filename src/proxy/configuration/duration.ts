import { type Table, table } from '../../table.js';

/** In milliseconds. The micro sign and the Greek letter are both written for microseconds. */
const units: Table<number> = table({
  ns: 1e-6,
  us: 1e-3,
  '\u00b5s': 1e-3,
  '\u03bcs': 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
});

/** In milliseconds: 292 years. Go counts nanoseconds in 63 bits. */
const longest = 2 ** 63 / 1e6;

const part = '(\\d+\\.?\\d*|\\.\\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)';
const parts = new RegExp(part, 'g');
const whole = new RegExp(`^[-+]?(0|(${part})+)$`);

/**
 * Parses a duration as Go's `time.ParseDuration`, and so Kubernetes, does: `30s`, `1h30m`, `300ms`, `0`. Returns
 * milliseconds, or undefined if the text is not a duration. A number without a unit, other than zero, is not one.
 */
export function goDuration(text: string): number | undefined {
  if (!whole.test(text)) return undefined;
  const sum = [...text.matchAll(parts)].reduce(
    (milliseconds, [, number, unit]) => milliseconds + Number(number) * (units[unit ?? ''] ?? 0),
    0,
  );
  if (sum > longest) return undefined;
  return text.startsWith('-') ? -sum : sum;
}

/** Parses the duration of one of kproxy's own flags: as `goDuration`, but a number alone means seconds. */
export const durationMilliseconds = (text: string): number | undefined =>
  /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : goDuration(text);
