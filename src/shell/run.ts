import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import type { CommandResult, NodeAccess } from '../node/access.js';
import type { Command } from '../node/command.js';
import { endTool } from './end-tool.js';
import { isCode } from './error-code.js';
import { Launcher } from './launcher.js';
import { openFile } from './open-file.js';
import { toolEnvironment } from './tool-environment.js';
import { hanging, missing } from './tool-errors.js';
import { withinTime } from './within-time.js';

export interface RunOptions {
  readonly sudo: boolean;
  readonly timeoutMilliseconds: number;
  /** An open file that every tool gets too. */
  readonly inherits?: number | undefined;
}

/** This machine. To be ended by whoever has changed it. */
export interface ThisNode extends NodeAccess {
  end(): Promise<void>;
}

/**
 * This machine: commands run with execa, through sudo where asked, in the C locale; nothing of them is ever parsed by a shell. What is read first runs
 * side by side. From the first command that writes on they go through the launcher, since by then the process is large.
 */
export function thisNode(options: RunOptions): ThisNode {
  const launcher = new Launcher(options);
  return {
    run: command =>
      command.input === undefined && !launcher.isRunning ? runDirectly(command, options) : launcher.run(command),
    readFile: async path => {
      try {
        return await readFile(path, 'utf8');
      } catch (error) {
        if (isCode(error, 'ENOENT')) return undefined;
        throw error;
      }
    },
    end: () => launcher.end(),
  };
}

async function runDirectly(
  { argv }: Command,
  { sudo, timeoutMilliseconds, inherits }: RunOptions,
): Promise<CommandResult> {
  const [program = '', ...rest] = sudo ? ['sudo', ...argv] : argv;
  const tool = execa(program, rest, {
    stdio: ['ignore', 'pipe', 'pipe', inherits === undefined ? 'ignore' : openFile(inherits)],
    env: toolEnvironment(),
    reject: false,
    stripFinalNewline: false,
    // A tool that is at work when kproxy ends had better finish: the next run waits for it.
    cleanup: false,
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  const result = await withinTime(tool, timeoutMilliseconds);
  if (result === 'hangs') throw hanging(argv, timeoutMilliseconds, await giveUp(tool, sudo));
  if (isCode(result.cause, 'ENOENT')) throw missing(program);
  return { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode ?? 128 };
}

interface RunningTool {
  readonly pid?: number;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  unref(): void;
}

/** Nothing of it is waited for any more: what it has started may keep its output open. */
async function giveUp(tool: RunningTool, sudo: boolean): Promise<readonly number[]> {
  const left = tool.pid === undefined ? [] : await endTool(tool.pid, sudo);
  tool.stdout?.destroy();
  tool.stderr?.destroy();
  tool.unref();
  return left;
}
