import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { ExitCode, KproxyError } from '../errors.js';
import type { CommandResult, NodeAccess } from '../node/access.js';
import type { Command } from '../node/command.js';
import { endTool } from './end-tool.js';
import { isCode } from './error-code.js';
import { openFile } from './open-file.js';

export interface RunOptions {
  readonly sudo: boolean;
  readonly timeoutMilliseconds: number;
  /** An open file that every tool gets too. */
  readonly inherits?: number | undefined;
}

/** Debian's package of each tool, for the message that says what to install. */
const packages: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  ipset: 'ipset',
  ipvsadm: 'ipvsadm',
  modprobe: 'kmod',
  conntrack: 'conntrack',
  sudo: 'sudo',
};
const packageOf = (program: string): string =>
  packages[program] ?? (program.startsWith('ip') ? 'iptables' : 'coreutils');

/** This machine: commands run with execa, through sudo where asked, in the C locale; no shell is ever involved. */
export function thisNode(options: RunOptions): NodeAccess {
  return {
    run: command => run(command, options),
    readFile: async path => {
      try {
        return await readFile(path, 'utf8');
      } catch (error) {
        if (isCode(error, 'ENOENT')) return undefined;
        throw error;
      }
    },
  };
}

async function run(
  { argv, input }: Command,
  { sudo, timeoutMilliseconds, inherits }: RunOptions,
): Promise<CommandResult> {
  const [program = '', ...rest] = sudo ? ['sudo', ...argv] : argv;
  const tool = execa(program, rest, {
    ...(input === undefined ? {} : { input }),
    stdio: [
      input === undefined ? 'ignore' : 'pipe',
      'pipe',
      'pipe',
      inherits === undefined ? 'ignore' : openFile(inherits),
    ],
    env: { LC_ALL: 'C', PATH: pathWithSbin() },
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

async function withinTime<Result>(tool: Promise<Result>, milliseconds: number): Promise<Result | 'hangs'> {
  const stop = new AbortController();
  const late = setTimeout(milliseconds, 'hangs' as const, { signal: stop.signal });
  late.catch(() => {});
  try {
    return await Promise.race([tool, late]);
  } finally {
    stop.abort();
  }
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

/** The tools live in sbin, which an ordinary user's PATH often lacks. */
const pathWithSbin = (): string => `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`;

const missing = (program: string): KproxyError =>
  new KproxyError({
    message: `${program} is not installed`,
    next: `Install it (apt-get install ${packageOf(program)}) and run kproxy again.`,
    exitCode: ExitCode.nodeUnreadable,
  });

/** Where the node is being changed, applying says so and makes an exit code of its own of it. */
function hanging(argv: readonly string[], timeoutMilliseconds: number, left: readonly number[]): KproxyError {
  const what = `\`${argv.join(' ')}\` did not end within ${timeoutMilliseconds / 1000} s`;
  return new KproxyError({
    message: left.length === 0 ? `${what} and was killed` : `${what} and cannot be killed: process ${left.join(', ')}`,
    next: [
      'See what holds it up (another program that holds the xtables lock, for example) and run kproxy again: it goes on where it stopped.',
      ...(left.length === 0 ? [] : ['It waits for what is still running.']),
    ].join(' '),
    exitCode: ExitCode.nodeUnreadable,
  });
}
