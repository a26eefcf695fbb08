import type { CommandResult } from '../node/access.js';
import type { Command } from '../node/command.js';
import { environmentFor } from './environment.js';
import { runThroughPipes } from './pipe-runner.js';
import type { RunnerOptions } from './run-options.js';
import { type StartedProcess, startProcess } from './start-process.js';
import { throughSudo } from './through-sudo.js';
import { exitStatus, killTool, notStarted, outputCutOff, toolHangs } from './tool-errors.js';
import { closeToolFiles, openToolFiles, readOutput, type ToolFiles } from './tool-files.js';
import type { ToolRunner } from './tool-runner.js';
import { withinTime } from './within-time.js';

/**
 * Runs each tool as a child of this process. Tools run side by side, but through sudo one after another: sudo may ask
 * for a password, and two questions at once could not be answered.
 */
export class DirectRunner implements ToolRunner {
  readonly #options: RunnerOptions;
  #ended: Promise<void> = Promise.resolve();

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  run(command: Command): Promise<CommandResult> {
    const result = this.#options.sudo ? this.#ended.then(() => this.#runToEnd(command)) : this.#runToEnd(command);
    this.#ended = Promise.allSettled([this.#ended, result]).then(() => {});
    return result;
  }

  end(): Promise<void> {
    return this.#ended;
  }

  async #runToEnd(command: Command): Promise<CommandResult> {
    const files = openToolFiles(command.input ?? '');
    if (files === undefined) return runThroughPipes(command, this.#options);
    try {
      return await this.#runWithFiles(command, files);
    } finally {
      closeToolFiles(files);
    }
  }

  async #runWithFiles({ argv }: Command, files: ToolFiles): Promise<CommandResult> {
    const { sudo, timeoutMilliseconds } = this.#options;
    const words = sudo ? throughSudo(argv) : argv;
    const tool = startTool(words, files, this.#options);
    const end = await withinTime(tool.ended, timeoutMilliseconds);
    if (end === 'late') throw toolHangs(argv, timeoutMilliseconds, await killTool(tool, sudo));
    if (end.error !== undefined) return notStarted(words[0] ?? '', end.error);
    const output = readOutput(files);
    if (output === undefined) throw outputCutOff(argv, files.folder);
    return { ...output, exitCode: exitStatus(end) };
  }
}

/**
 * Starts a tool with files as its input, output and errors. If kproxy is killed, the tool still gets all of its input,
 * not half a batch. For the same reason it is not killed when kproxy ends. Files also start faster than pipes: a sync
 * with nothing to do takes a twentieth less time.
 */
function startTool(words: readonly string[], files: ToolFiles, { sudo, inherits }: RunnerOptions): StartedProcess {
  const inherited = inherits === undefined ? [] : [inherits];
  const stdio = [files.input, files.output, files.errors, ...inherited];
  return startProcess(words, { stdio, env: environmentFor(sudo) });
}
