import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { execa } from 'execa';
import type { CommandResult } from '../node/access.js';
import type { Command } from '../node/command.js';
import { environmentFor } from './environment.js';
import { killProcesses } from './kill.js';
import { openFile } from './open-file.js';
import { descendantsOf } from './process-table.js';
import type { RunnerOptions } from './run-options.js';
import { throughSudo } from './through-sudo.js';
import { toolHangs, toolMissing } from './tool-errors.js';
import { closeToolFiles, openToolFiles, readOutput, writeInput } from './tool-files.js';
import type { ToolRunner } from './tool-runner.js';
import { withinTime } from './within-time.js';

/**
 * Reads the number of a command's words, then the words, one a line, and prints the command's exit status. The words
 * become arguments and nothing else: no line of input is ever parsed. Opens the files 4 to 6 again as the command's
 * input, output and errors. Ignores an interrupt that a terminal sends to all of its programs; the command does not.
 */
const script = `
trap : INT
while read -r count; do
  set --
  while [ "$count" -gt 0 ]; do
    IFS= read -r word
    set -- "$@" "$word"
    count=$((count - 1))
  done
  "$@" </proc/self/fd/4 >/proc/self/fd/5 2>/proc/self/fd/6 4<&- 5<&- 6<&-
  echo $?
done`;

/** The shell's name for itself, with which its own messages begin. */
const shellName = 'kproxy-tool-shell';
/** The exit status for a program that is not found. A program that is found may end with it too. */
const notFound = 127;
/** How long an idle shell may take to end after its input has ended. */
const endLimitMilliseconds = 1_000;

/**
 * Runs tools one after another through one long-lived shell. Forking copies a process's page tables, and this process
 * may be large: with 160 MB a tool took 40 ms to start on the sandbox's kernel, through the shell 2 ms.
 */
export class ToolShell implements ToolRunner {
  readonly #options: RunnerOptions;
  #shell: Shell | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  run(command: Command): Promise<CommandResult> {
    const result = this.#last.then(() => this.#runNow(command));
    this.#last = result.catch(() => {});
    return result;
  }

  async end(): Promise<void> {
    await this.#last;
    if (this.#shell !== undefined) await endShell(this.#shell);
    this.#shell = undefined;
  }

  async #runNow({ argv, input = '' }: Command): Promise<CommandResult> {
    const { sudo, timeoutMilliseconds } = this.#options;
    const words = sudo ? throughSudo(argv) : argv;
    if (words.some(word => word.includes('\n'))) throw new Error('an argument with a line break would become two');
    const shell = await this.#runningShell();
    const answer = answerTo(shell, words, input);
    const status = await withinTime(answer, timeoutMilliseconds);
    if (status === 'late') throw toolHangs(argv, timeoutMilliseconds, await this.#killCommand(shell, answer));
    const result = resultOf(shell, status);
    if (isNotFound(result)) throw toolMissing(words[0] ?? '');
    return result;
  }

  /** Kills what a shell runs. Returns the processes that survive. */
  async #killCommand(shell: Shell, answer: Promise<unknown>): Promise<readonly number[]> {
    const { pid = 0 } = shell.process;
    const survivors = await killProcesses(descendantsOf(pid), this.#options.sudo);
    // Without its command the shell answers, which must not be taken for the answer to the next command. A shell that
    // does not answer waits for a process that cannot be seen.
    if (survivors.length === 0 && (await withinTime(answer, endLimitMilliseconds)) !== 'late') return [];
    this.#abandon(shell);
    return survivors.length === 0 ? [pid] : survivors;
  }

  /** Returns the shell, which is started for the first command and again after it was killed. */
  async #runningShell(): Promise<Shell> {
    if (this.#shell?.process.stdout.destroyed) await endShell(this.#shell);
    else if (this.#shell !== undefined) return this.#shell;
    this.#shell = startShell(this.#options);
    return this.#shell;
  }

  /** Leaves a shell behind with its command, which cannot be killed. */
  #abandon({ process, files }: Shell): void {
    this.#shell = undefined;
    process.stdin.destroy();
    process.stdout.destroy();
    process.unref();
    closeToolFiles(files);
  }
}

/** A running shell with the files that are its commands' input, output and errors. */
type Shell = ReturnType<typeof startShell>;

function startShell({ sudo, inherits }: RunnerOptions) {
  const files = openToolFiles();
  const process = execa('/bin/sh', ['-c', script, shellName], {
    stdio: [
      ...(['pipe', 'pipe', 'ignore', inherits === undefined ? 'ignore' : openFile(inherits)] as const),
      ...[openFile(files.input), openFile(files.output), openFile(files.errors)],
    ],
    env: environmentFor(sudo),
    extendEnv: false,
    reject: false,
    buffer: false,
    cleanup: false,
  });
  // A shell that was killed is noticed by its missing answer.
  process.stdin.on('error', () => {});
  process.unref();
  const shell = { process, files };
  keepWaiting(shell, false);
  return shell;
}

/** Makes Node wait for the shell's answer, or end without it: an idle shell must not keep kproxy running. */
function keepWaiting({ process }: { readonly process: ShellProcess }, isBusy: boolean): void {
  const pipes = [process.stdin, process.stdout] as readonly (Writable | Readable)[] as readonly Socket[];
  for (const pipe of pipes) isBusy ? pipe.ref() : pipe.unref();
}

type ShellProcess = { readonly stdin: Writable; readonly stdout: Readable };

/** Gives the shell a command. Returns the line that it answers with, or undefined if it was killed. */
async function answerTo(shell: Shell, words: readonly string[], input: string): Promise<string | undefined> {
  const { process, files } = shell;
  writeInput(files, input);
  process.stdin.write([words.length, ...words, ''].join('\n'));
  keepWaiting(shell, true);
  const line = await nextLine(process.stdout);
  keepWaiting(shell, false);
  return line;
}

/** Returns the next line, or undefined if the shell has ended. An exit status is short and arrives in one piece. */
const nextLine = (stdout: Readable): Promise<string | undefined> =>
  new Promise(resolve => {
    const settle = (line: Buffer | undefined) => {
      stdout.off('data', settle).off('close', close);
      resolve(line?.toString().trim());
    };
    const close = () => settle(undefined);
    stdout.on('data', settle).on('close', close);
  });

function resultOf({ files }: Shell, status: string | undefined): CommandResult {
  if (status === undefined) return { stdout: '', stderr: 'the shell that starts the tools was killed', exitCode: 128 };
  return { ...readOutput(files), exitCode: Number(status) };
}

/** Returns true if the shell, and not a tool that ended with the same status, reports that there is no such program. */
const isNotFound = ({ exitCode, stderr }: CommandResult): boolean =>
  exitCode === notFound && stderr.startsWith(`${shellName}: `);

/** Ends a shell that runs no command. */
async function endShell({ process, files }: Shell): Promise<void> {
  process.ref();
  process.stdin.end();
  if ((await withinTime(process, endLimitMilliseconds)) === 'late') process.kill('SIGKILL');
  closeToolFiles(files);
}
