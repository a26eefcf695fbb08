import { constants } from 'node:os';
import { execa } from 'execa';
import type { CommandResult } from '../node/access.js';
import type { Command } from '../node/command.js';
import { toolEnvironment } from './environment.js';
import { descendantsOf, killProcesses } from './kill.js';
import { openFile } from './open-file.js';
import type { RunnerOptions } from './run-options.js';
import { toolHangs, toolMissing } from './tool-errors.js';
import type { ToolRunner } from './tool-runner.js';
import { closeFiles, openUnnamedText } from './unnamed-files.js';
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
    const { sudo, timeoutMilliseconds, inherits } = this.#options;
    const words = sudo ? ['sudo', ...argv] : argv;
    const tool = startTool(words, input, inherits);
    const result = await withinTime(tool, timeoutMilliseconds);
    if (result === 'late') throw toolHangs(argv, timeoutMilliseconds, await killTool(tool, sudo));
    if (result.code === 'ENOENT') throw toolMissing(words[0] ?? '');
    return resultOf(result);
  }
}

type Tool = ReturnType<typeof startTool>;

/**
 * Starts a tool. It reads its input from a file: if kproxy is killed, the tool still gets all of it, not half a batch.
 * For the same reason execa does not kill the tool when kproxy ends (`cleanup`).
 */
function startTool([program = '', ...words]: readonly string[], input: string, inherits: number | undefined) {
  const file = input === '' ? undefined : openUnnamedText(input);
  const inherited = inherits === undefined ? [] : [openFile(inherits)];
  try {
    return execa(program, words, {
      stdio: [file === undefined ? 'ignore' : openFile(file), 'pipe', 'pipe', ...inherited],
      env: toolEnvironment(),
      reject: false,
      cleanup: false,
      stripFinalNewline: false,
      maxBuffer: Number.POSITIVE_INFINITY,
    });
  } finally {
    if (file !== undefined) closeFiles([file]);
  }
}

/** Kills a tool with all that it has started, and stops waiting for its output. Returns the processes that survive. */
async function killTool(tool: Tool, sudo: boolean): Promise<readonly number[]> {
  const { pid } = tool;
  const survivors = pid === undefined ? [] : await killProcesses([pid, ...(await descendantsOf(pid))], sudo);
  tool.stdout.destroy();
  tool.stderr.destroy();
  tool.unref();
  return survivors;
}

/** Returns what a tool printed and its exit status, or the system's message if it could not be started. */
function resultOf({ stdout, stderr, exitCode, signal, originalMessage }: Awaited<Tool>): CommandResult {
  if (exitCode !== undefined) return { stdout, stderr, exitCode };
  if (signal !== undefined) return { stdout, stderr, exitCode: 128 + constants.signals[signal] };
  return { stdout: '', stderr: originalMessage ?? '', exitCode: cannotStart };
}
