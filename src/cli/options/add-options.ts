import type { Command, Option } from 'commander';

/** Adds groups of options to a command, in the order in which its help lists them. */
export function addOptions(command: Command, ...groups: readonly (readonly Option[])[]): Command {
  for (const option of groups.flat()) command.addOption(option);
  return command;
}
