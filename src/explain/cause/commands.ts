import { type Change, subjectOf } from '../../node/change.js';
import type { Command } from '../../node/command.js';
import { kindOf } from '../../node/kinds/index.js';
import { type ScriptStyle, stepText } from '../../script/step-text.js';

/** Returns a command as a shell takes it. */
export const commandText = (command: Command, style: ScriptStyle): string => stepText({ command }, style);

/** More commands are better left to kproxy. */
const mostCommands = 4;

/** Returns the command that makes all changes of the plan. */
export const sync = ({ sudo }: ScriptStyle): string => (sudo ? 'sudo kproxy sync' : 'kproxy sync');

/**
 * Returns the commands that make some changes, or the one that makes them all if those are many, or if one of them
 * rewrites a whole chain.
 */
export function repairCommands(changes: readonly Change[], style: ScriptStyle): readonly string[] {
  const commands = changes.flatMap(change => kindOf(subjectOf(change)).steps(change)).map(({ command }) => command);
  const isRestored = commands.some(({ argv: [program = ''] }) => program.endsWith('-restore'));
  return isRestored || commands.length > mostCommands || commands.length === 0
    ? [sync(style)]
    : commands.map(command => commandText(command, style));
}
