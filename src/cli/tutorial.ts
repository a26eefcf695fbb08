import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { type Language, languages } from '../tutorial/language.js';
import { type Machine, machines } from '../tutorial/machines.js';
import type { Ending } from '../tutorial/play/play.js';
import { visible } from '../visible.js';
import { ExitCode } from './exit-codes.js';
import { optionsOf } from './options/add-options.js';
import { colorsOf } from './options/color.js';
import { contradiction } from './options/refuse-misuse.js';

interface TutorialFlags {
  readonly lang?: Language;
  readonly yes?: boolean;
  readonly pace?: number;
  readonly step?: string;
  readonly fresh?: boolean;
  readonly recorded?: boolean;
}

export function addTutorialCommand(kproxy: Command): void {
  const command = kproxy
    .command('tutorial')
    .description('learn how a Service works, by hand, on a kernel of its own: nothing on this machine is changed')
    .addHelpText('after', examples)
    .action(tutorial);
  optionsOf(command, () => [
    [
      new Option('--lang <language>', 'en or ja (default: that of the locale)').choices(languages),
      new Option('--step <step>', 'start at this step, by its number or id'),
      new Option('--fresh', 'start at the beginning, and forget the progress'),
      new Option('-y, --yes', 'play the whole lesson without asking (default if there is no terminal)'),
      new Option('--pace <seconds>', 'with --yes: leave a reader this time for every ten lines').argParser(paceOf),
      new Option('--recorded', 'use recorded answers, as where no kernel can run'),
    ],
  ]);
  command
    .command('shell')
    .description('in a second terminal: open a shell on a machine or Pod of the running lesson')
    .addArgument(new Argument('[machine]', 'where').choices(machines).default('inajob'))
    .action(shell);
}

const examples = `
Examples:
  kproxy tutorial
  kproxy tutorial --lang ja               in Japanese
  kproxy tutorial --step curl
  kproxy tutorial shell inajob            a shell in the running lesson, from a second terminal
  kproxy tutorial --yes --pace 4 | less -R

The lesson takes about an hour. It can be left at any time, and goes on where it was left.
At its prompt: Enter runs the command that is shown, any other text runs as a command, and ? explains the keys.
"on MACHINE COMMAND" runs a command elsewhere. To run a command that is named like a key, type a blank before it.
Exit codes: 0 done, or left with q or Ctrl-D; 1 with --yes: a command or a check did not end as it should; 4 the kernel
failed; 130 left with Ctrl-C.`;

async function tutorial(flags: TutorialFlags, command: Command): Promise<void> {
  const isAutomatic = flags.yes === true || !(process.stdin.isTTY && process.stdout.isTTY);
  if (flags.pace !== undefined && !isAutomatic)
    throw contradiction('--pace without --yes: a learner at a terminal decides how fast the lesson goes');
  if (flags.fresh && flags.step !== undefined)
    throw contradiction('--fresh and --step: the one starts at the beginning, the other elsewhere');
  const { runTutorial } = await import('../commands/tutorial.js');
  const ending = await runTutorial({
    language: flags.lang,
    isAutomatic,
    pace: flags.pace ?? 0,
    step: flags.step,
    isFresh: flags.fresh ?? false,
    isRecorded: flags.recorded ?? false,
    isColored: colorsOf(command),
  });
  process.exitCode = exitCodeOf(ending);
}

function exitCodeOf(ending: Ending): ExitCode {
  if (ending.kind === 'finished') return ExitCode.done;
  if (ending.kind === 'left') return ending.isInterrupted ? ExitCode.interrupted : ExitCode.done;
  process.stderr.write(`kproxy: the lesson stopped at the step ${ending.id}: ${visible(ending.problem)}\n`);
  return ExitCode.differences;
}

async function shell(machine: Machine, _: unknown, command: Command): Promise<void> {
  const { runTutorialShell } = await import('../commands/tutorial-shell.js');
  process.exitCode = await runTutorialShell(machine, colorsOf(command));
}

function paceOf(text: string): number {
  const seconds = /^\d{1,3}(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(seconds >= 0)) throw new InvalidArgumentError('A number of seconds is needed: 0.5, 4.');
  return seconds * 1000;
}
