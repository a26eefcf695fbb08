import { constants } from 'node:os';
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
import { closeToolFiles, openToolFiles, readOutput, type ToolFiles, writeInput } from './tool-files.js';
import type { ToolRunner } from './tool-runner.js';
import { withinTime } from './within-time.js';

/** The exit status that a shell reports for a program that it finds but cannot start. */
const cannotStart = 126;

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

  async #runToEnd({ argv, input = '' }: Command): Promise<CommandResult> {
    const { sudo, timeoutMilliseconds } = this.#options;
    const words = sudo ? throughSudo(argv) : argv;
    const files = openToolFiles();
    try {
      const tool = startTool(words, input, files, this.#options);
      const result = await withinTime(tool, timeoutMilliseconds);
      if (result === 'late') throw toolHangs(argv, timeoutMilliseconds, await killTool(tool, sudo));
      if (result.code === 'ENOENT') throw toolMissing(words[0] ?? '');
      return resultOf(result, files);
    } finally {
      closeToolFiles(files);
    }
  }
}

type Tool = ReturnType<typeof startTool>;

/**
 * Starts a tool with files as its input, output and errors. If kproxy is killed, the tool still gets all of its input,
 * not half a batch. For the same reason execa does not kill the tool when kproxy ends (`cleanup`). Files also start
 * faster than pipes: a sync with nothing to do takes a twentieth less time.
 */
function startTool(
  [program = '', ...words]: readonly string[],
  input: string,
  files: ToolFiles,
  { sudo, inherits }: RunnerOptions,
) {
  writeInput(files, input);
  const inherited = inherits === undefined ? [] : [openFile(inherits)];
  return execa(program, words, {
    stdio: [openFile(files.input), openFile(files.output), openFile(files.errors), ...inherited],
    env: environmentFor(sudo),
    extendEnv: false,
    reject: false,
    cleanup: false,
    buffer: false,
  });
}

/** Kills a tool with all that it has started, and stops waiting for it. Returns the processes that survive. */
async function killTool(tool: Tool, sudo: boolean): Promise<readonly number[]> {
  const { pid } = tool;
  const survivors = pid === undefined ? [] : await killProcesses([pid, ...descendantsOf(pid)], sudo);
  tool.unref();
  return survivors;
}

/** Returns what a tool printed and its exit status, or the system's message if it could not be started. */
function resultOf({ exitCode, signal, originalMessage }: Awaited<Tool>, files: ToolFiles): CommandResult {
  const status = exitCode ?? (signal && 128 + constants.signals[signal]);
  if (status !== undefined) return { ...readOutput(files), exitCode: status };
  return { stdout: '', stderr: originalMessage ?? '', exitCode: cannotStart };
}
