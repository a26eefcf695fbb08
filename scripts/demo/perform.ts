import type { CommandResult } from '../../src/sandbox/sandbox.js';
import type { Line } from './play.js';
import type { Stage } from './stage.js';
import type { Terminal } from './terminal.js';

/** Performs the play line by line. Returns the problems: commands that did not end or print as expected. */
export async function perform(play: readonly Line[], stage: Stage, terminal: Terminal): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const line of play) {
    if (line.kind === 'act') terminal.act(line.title);
    else if (line.kind === 'command') problems.push(...(await type(line, stage, terminal)));
    else terminal[line.kind](line.text);
  }
  return problems;
}

type Command = Extract<Line, { readonly kind: 'command' }>;

async function type(command: Command, stage: Stage, terminal: Terminal): Promise<readonly string[]> {
  terminal.prompt(command.on, command.line);
  const result = await stage.run(command.on, command.line);
  terminal.output(result.stdout);
  return problemsOf(command, result);
}

function problemsOf({ on, line, exitCode = 0, shows = [] }: Command, result: CommandResult): readonly string[] {
  const wrongEnd = result.exitCode === exitCode ? [] : [`exit code ${result.exitCode} instead of ${exitCode}`];
  const missing = shows.filter(text => !result.stdout.includes(text)).map(text => `its output lacks "${text}"`);
  return [...wrongEnd, ...missing].map(problem => `${on}$ ${line}: ${problem}`);
}
