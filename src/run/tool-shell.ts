import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { CommandResult } from '../node/access.js';
import type { Command } from '../node/command.js';
import { environmentFor } from './environment.js';
import { killProcesses } from './kill.js';
import { machineLimit } from './machine-limit.js';
import { runThroughPipes } from './pipe-runner.js';
import { descendantsOf } from './process-table.js';
import type { RunnerOptions } from './run-options.js';
import { shellName } from './shell-name.js';
import { type ProcessEnd, startProcess } from './start-process.js';
import { throughSudo } from './through-sudo.js';
import { isNoFork, isNotFound, noProcess, outputCutOff, toolHangs, toolMissing } from './tool-errors.js';
import { closeToolFiles, openToolFiles, readOutput, type ToolFiles, writeInput } from './tool-files.js';
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

  async #runNow(command: Command): Promise<CommandResult> {
    const { argv, input = '' } = command;
    const { sudo, timeoutMilliseconds } = this.#options;
    const words = sudo ? throughSudo(argv) : argv;
    if (words.some(word => word.includes('\n'))) throw new Error('an argument with a line break would become two');
    const shell = await this.#runningShell();
    if (shell === undefined || !writeInput(shell.files, input)) return runThroughPipes(command, this.#options);
    const answer = answerTo(shell, words);
    const status = await withinTime(answer, timeoutMilliseconds);
    if (status === 'late') throw toolHangs(argv, timeoutMilliseconds, await this.#killCommand(shell, answer));
    const output = readOutput(shell.files);
    if (status === undefined) return withoutAnswer(words, output?.stderr ?? '');
    if (output === undefined) throw outputCutOff(argv, shell.files.folder);
    const result = { ...output, exitCode: Number(status) };
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

  /**
   * Returns the shell, which is started for the first command and again after it was killed. Returns undefined if there
   * is no room for its files.
   */
  async #runningShell(): Promise<Shell | undefined> {
    const last = this.#shell;
    if (last !== undefined && !last.process.stdout.destroyed) return last;
    // Starting another may fail, and the files of this one must not be closed twice.
    this.#shell = undefined;
    if (last !== undefined) await endShell(last);
    this.#shell = await startShell(this.#options);
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
interface Shell {
  readonly process: ShellProcess;
  readonly ended: Promise<ProcessEnd>;
  readonly files: ToolFiles;
}

/** A shell with pipes, which every process has that was started with them. */
type ShellProcess = ChildProcess & { readonly stdin: Writable; readonly stdout: Readable };

/** Starts a shell. Its own messages go to the file of its commands' errors. */
async function startShell({ sudo, inherits }: RunnerOptions): Promise<Shell | undefined> {
  const files = openToolFiles('');
  if (files === undefined) return undefined;
  const { input, output, errors } = files;
  const { child, ended } = startProcess(['/bin/sh', '-c', script, shellName], {
    stdio: ['pipe', 'pipe', errors, inherits ?? 'ignore', input, output, errors],
    env: environmentFor(sudo),
  });
  if (child === undefined) {
    closeToolFiles(files);
    const { error } = await ended;
    throw machineLimit('the shell that starts the tools cannot be started', error) ?? error;
  }
  const process = child as ShellProcess;
  // A shell that was killed is noticed by its missing answer.
  process.stdin.on('error', () => {});
  process.unref();
  const shell = { process, ended, files };
  keepWaiting(shell, false);
  return shell;
}

/** Makes Node wait for the shell's answer, or end without it: an idle shell must not keep kproxy running. */
function keepWaiting({ process }: { readonly process: ShellProcess }, isBusy: boolean): void {
  const pipes = [process.stdin, process.stdout] as readonly (Writable | Readable)[] as readonly Socket[];
  for (const pipe of pipes) isBusy ? pipe.ref() : pipe.unref();
}

/** Gives the shell a command. Returns the line that it answers with, or undefined if it was killed. */
async function answerTo(shell: Shell, words: readonly string[]): Promise<string | undefined> {
  const { process } = shell;
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

/**
 * Returns the result of a command whose shell has ended.
 * @throws KproxyError `machine-limit` if the shell could not start another process
 */
function withoutAnswer(words: readonly string[], message: string): CommandResult {
  if (isNoFork(message)) return noProcess(words[0] ?? '', message);
  return { stdout: '', stderr: 'the shell that starts the tools was killed', exitCode: 128 };
}

/** Ends a shell that runs no command. */
async function endShell({ process, ended, files }: Shell): Promise<void> {
  process.ref();
  process.stdin.end();
  if ((await withinTime(ended, endLimitMilliseconds)) === 'late') process.kill('SIGKILL');
  closeToolFiles(files);
}
