import type { Option } from 'commander';

/** A flag that gives other options their meaning. */
export type EnablingFlag = '--dry-run' | '--watch';

const enablingFlags = new WeakMap<Option, EnablingFlag>();

/** Marks options that have no meaning without another flag. `refuseMisuse` refuses them without it. */
export function onlyWith(flag: EnablingFlag, ...options: readonly Option[]): readonly Option[] {
  for (const option of options) enablingFlags.set(option, flag);
  return options;
}

/** Returns the flag that an option needs beside it, or undefined if it needs none. */
export const enablingFlagOf = (option: Option): EnablingFlag | undefined => enablingFlags.get(option);

const withEmptyValue = new WeakSet<Option>();

/** Marks an option whose empty value has a meaning. `refuseMisuse` refuses the empty value of all others. */
export function orEmpty(option: Option): Option {
  withEmptyValue.add(option);
  return option;
}

export const mayBeEmpty = (option: Option): boolean => withEmptyValue.has(option);
