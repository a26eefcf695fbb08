import type { Command, Option } from 'commander';

/** Groups of options, in the order in which the help lists them. */
type OptionGroups = readonly (readonly Option[])[];

const pending = new Map<Command, () => OptionGroups>();

/**
 * Gives a command its options when they are needed. Those of all other commands are never built: to build them all took
 * a twelfth of the time of a short command.
 */
export function optionsOf(command: Command, groups: () => OptionGroups): void {
  pending.set(command, groups);
}

/** Builds the options of a command that is run, or whose help is shown. */
export function buildOptions(command: Command): void {
  addOptions(command, pending.get(command)?.() ?? []);
  pending.delete(command);
}

export function addOptions(command: Command, groups: OptionGroups): void {
  for (const option of groups.flat()) command.addOption(option);
}
