import { InvalidArgumentError } from 'commander';
import { durationMilliseconds } from '../../proxy/configuration/duration.js';

/**
 * Parses a duration as Kubernetes writes it (`30s`, `1m30s`, `500ms`). A number alone means seconds.
 * @returns milliseconds
 * @throws InvalidArgumentError if the text is not a duration, or not longer than zero
 */
export function parseDuration(text: string): number {
  const milliseconds = durationMilliseconds(text);
  if (milliseconds === undefined || milliseconds <= 0)
    throw new InvalidArgumentError('A duration is needed: 30s, 1m30s, 500ms.');
  return milliseconds;
}
