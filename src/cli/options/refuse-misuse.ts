import type { Command, Option } from 'commander';
import { KproxyError } from '../../errors.js';
import { plural } from '../../text.js';
import { type EnablingFlag, enablingFlagOf, mayBeEmpty } from './rules.js';

/**
 * Refuses options that would have no effect or another one than they seem to have, before the command begins.
 * @throws KproxyError `option-invalid` or `options-contradict`
 */
export function refuseMisuse(command: Command): void {
  refuseEmptyValues(command);
  for (const flag of ['--watch', '--dry-run'] as const) refuseWithout(flag, command);
  refuseSharedStdin(command);
}

export const contradiction = (message: string, advice?: string): KproxyError =>
  new KproxyError({ code: 'options-contradict', message, ...(advice !== undefined && { advice }) });

/** An empty value is mostly that of a shell's variable that is not set. */
function refuseEmptyValues(command: Command): void {
  for (const { option, value } of givenOptions(command)) {
    const isEmpty = [value].flat().some(part => typeof part === 'string' && part.trim() === '');
    const isMeant = value === '' && mayBeEmpty(option);
    if (isEmpty && !isMeant) throw emptyValue(nameOf(option));
  }
  if (command.args.some(argument => argument.trim() === '')) throw emptyValue('The name of a Service');
}

const emptyValue = (subject: string): KproxyError =>
  new KproxyError({
    code: 'option-invalid',
    message: `${subject} is empty`,
    advice: 'Give it a value, or leave it out. Nothing was done.',
  });

const reasons: Readonly<Record<EnablingFlag, (command: string) => string>> = {
  '--dry-run': command => `${command} changes this machine as it is now`,
  '--watch': command => `without it ${command} runs once`,
};

function refuseWithout(flag: EnablingFlag, command: Command): void {
  const given = givenOptions(command);
  if (given.some(({ option }) => option.long === flag)) return;
  const names = given.filter(({ option }) => enablingFlagOf(option) === flag).map(({ option }) => nameOf(option));
  if (names.length === 0) return;
  throw contradiction(
    `${names.join(', ')} ${plural(names.length, 'is', 'are')} for ${flag}: ${reasons[flag](command.name())}`,
  );
}

/** Standard input can be read only once. */
function refuseSharedStdin(command: Command): void {
  const given = givenOptions(command);
  const readers = given.flatMap(({ option, value }) =>
    [value].flat().flatMap(part => (part === '-' ? [`${nameOf(option)} -`] : [])),
  );
  const isWatching = given.some(({ option }) => option.long === '--watch');
  // The configuration is read once in any case.
  const followed = readers.find(reader => reader !== '--config -');
  if (isWatching && followed !== undefined)
    throw contradiction(`--watch and ${followed}: standard input is read once and cannot be followed`);
  if (readers.length > 1) throw contradiction(`${readers.join(' and ')}: standard input can be read only once`);
}

interface GivenOption {
  readonly option: Option;
  readonly value: unknown;
}

/** Returns the options on the command line, those of kproxy itself too. */
const givenOptions = (command: Command | null): readonly GivenOption[] =>
  command === null
    ? []
    : [
        ...command.options
          .filter(option => command.getOptionValueSource(option.attributeName()) === 'cli')
          .map(option => ({ option, value: command.getOptionValue(option.attributeName()) as unknown }))
          // A flag that is turned off (--watch=false) is as good as not given.
          .filter(({ option, value }) => value !== false || option.negate),
        ...givenOptions(command.parent),
      ];

const nameOf = (option: Option): string => option.long ?? option.flags;
