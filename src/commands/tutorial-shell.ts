import type { Machine } from '../tutorial/machines.js';
import { languageOf } from '../tutorial/play/language-of.js';
import { terminalEnvironment } from '../tutorial/play/surroundings.js';
import { joinShell } from '../tutorial/share/join-shell.js';
import { exitWithoutTerminal } from '../tutorial/share/lost-terminal.js';
import { texts } from '../tutorial/texts/index.js';
import { ownShareFolder } from './tutorial/share-folder.js';

/** Opens a shell on a machine of the running lesson in this terminal. Returns its exit code. */
export async function runTutorialShell(machine: Machine, isColored: boolean): Promise<number> {
  const { stdin, stdout, env } = process;
  exitWithoutTerminal(stdin);
  return joinShell({
    folder: ownShareFolder(),
    machine,
    stdin,
    stdout,
    environment: terminalEnvironment({ environment: env, hasTerminal: stdout.isTTY === true, isColored }),
    texts: texts[languageOf(env)].joined,
  });
}
