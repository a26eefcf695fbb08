import type { Command } from 'commander';
import { buildOptions } from './options/add-options.js';

/** Replaces commander's own help command, which explains a command that does not exist with the help of all others. */
export function addHelpCommand(kproxy: Command): void {
  kproxy
    .helpCommand(false)
    .command('help')
    .description('show the help of a command')
    .argument('[command]', 'the command (default: all)')
    .action(async (name: string | undefined) => {
      const command = kproxy.commands.find(one => one.name() === name);
      if (command !== undefined) buildOptions(command);
      if (name === undefined || command !== undefined) (command ?? kproxy).outputHelp();
      // Parsed as a command, the name is reported as unknown, with a similar one.
      else await kproxy.parseAsync([name], { from: 'user' });
    });
}
