import { constants } from 'node:os';
import { KproxyError } from '../errors.js';
import type { CommandResult } from '../node/access.js';
import { type Table, table } from '../table.js';
import { killProcesses } from './kill.js';
import { machineLimit } from './machine-limit.js';
import { descendantsOf } from './process-table.js';
import { shellName } from './shell-name.js';
import type { ProcessEnd, StartedProcess } from './start-process.js';
import { toolFolders } from './tool-path.js';
import { xtablesLockHolder } from './xtables-lock.js';

/** Debian's package of each tool whose name does not tell it. */
const packages: Table<string> = table({
  ip: 'iproute2',
  ipset: 'ipset',
  ipvsadm: 'ipvsadm',
  modprobe: 'kmod',
  conntrack: 'conntrack',
  sed: 'sed',
  sudo: 'sudo',
});
const packageOf = (program: string): string =>
  packages[program] ?? (program.startsWith('ip') ? 'iptables' : 'coreutils');

/** Returns the error for a tool that is not installed on this machine. */
export const toolMissing = (program: string): KproxyError =>
  new KproxyError({
    message: `${program} is not installed`,
    evidence: `It is in none of the folders ${toolFolders().join(', ')}.`,
    advice:
      `Install it (apt-get install ${packageOf(program)}), or name its folder with --tool-path, and run kproxy ` +
      'again.',
    code: 'tool-missing',
  });

/**
 * Returns the error for a tool that did not end in time.
 * @param survivors the processes that could not be killed
 */
export function toolHangs(
  argv: readonly string[],
  timeoutMilliseconds: number,
  survivors: readonly number[],
): KproxyError {
  const what = `\`${argv.join(' ')}\` did not end within ${timeoutMilliseconds / 1000} s`;
  const isKilled = survivors.length === 0;
  const end = isKilled ? `${what} and was killed` : `${what} and cannot be killed: process ${survivors.join(', ')}`;
  const holder = /tables/.test(argv[0] ?? '') ? xtablesLockHolder() : undefined;
  return new KproxyError({
    message: holder === undefined ? end : `${end}; ${holder} holds the xtables lock`,
    advice: [
      holder === undefined ? 'Find out what blocks it.' : `Find out what ${holder} does, and end it if it hangs.`,
      'Then run kproxy again: it continues where it stopped.',
      ...(isKilled ? [] : ['It waits for the processes that are still running.']),
    ].join(' '),
    code: 'tool-hangs',
  });
}

/** The exit status that a shell reports for a program that it finds but cannot start. */
const cannotStart = 126;
/** The exit status for a program that is not found. A program that is found may end with it too. */
const notFound = 127;

/** Returns the exit status as a shell would report it: 128 and the number of the signal that ended the tool. */
export const exitStatus = ({ exitCode, signal }: ProcessEnd): number =>
  exitCode ?? (signal === undefined ? cannotStart : 128 + constants.signals[signal]);

/** Returns true if the shell, and not a tool that ended with the same status, reports that there is no such program. */
export const isNotFound = ({ exitCode, stderr }: CommandResult): boolean =>
  exitCode === notFound && stderr.startsWith(`${shellName}: `);

/**
 * Returns the result of a tool that could not be started, with the system's message.
 * @throws KproxyError `tool-missing`, or `machine-limit` if the machine or this process has reached a limit
 */
export function notStarted(program: string, error: NodeJS.ErrnoException): CommandResult {
  if (error.code === 'ENOENT') throw toolMissing(program);
  const limit = machineLimit(`${program} cannot be started`, error);
  if (limit !== undefined) throw limit;
  return { stdout: '', stderr: error.message, exitCode: cannotStart };
}

/** Returns true if the shell, and not a tool, reports that it cannot start another process. */
export const isNoFork = (stderr: string): boolean => new RegExp(`^${shellName}: .*fork`, 'im').test(stderr);

/** Throws the error of a shell that could not start a tool, with the shell's words. */
export const noProcess = (program: string, words: string): CommandResult =>
  notStarted(program, Object.assign(new Error(words.trim()), { code: 'EAGAIN' }));

/** Returns the error for output of which a part may be missing. It must not be taken for the whole. */
export const outputCutOff = (argv: readonly string[], folder: string): KproxyError =>
  new KproxyError({
    message: `\`${argv.join(' ')}\`: what it printed may be incomplete, because ${folder} is full`,
    advice: `Run kproxy again: it does without files as long as ${folder} is full.`,
    code: 'machine-limit',
  });

/** Kills a tool with all that it has started, and stops waiting for it. Returns the processes that survive. */
export async function killTool({ child }: StartedProcess, sudo: boolean): Promise<readonly number[]> {
  const pid = child?.pid;
  const survivors = pid === undefined ? [] : await killProcesses([pid, ...descendantsOf(pid)], sudo);
  child?.unref();
  return survivors;
}
