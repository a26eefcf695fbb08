import { InvalidArgumentError } from 'commander';

/** Parses a positive whole number. */
export function parseCount(text: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new InvalidArgumentError('It is not a whole number from 1 to 999999999.');
  return Number(text);
}
