import { InvalidArgumentError } from 'commander';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * A duration as Kubernetes writes it (`30s`, `1m30s`, `500ms`), in milliseconds; a number alone means seconds.
 * @throws InvalidArgumentError where it is none, or not longer than nothing
 */
export function parseDuration(text: string): number {
  const milliseconds = durationOf(text);
  if (milliseconds === undefined || milliseconds <= 0)
    throw new InvalidArgumentError('a duration is needed: 30s, 1m30s, 500ms.');
  return milliseconds;
}

/** Undefined where the text is no duration. */
export function durationOf(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000;
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * (units[unit ?? ''] ?? 0),
    0,
  );
}
