import { InvalidArgumentError } from 'commander';
import { durationOf } from '../proxy/configuration/duration.js';

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
