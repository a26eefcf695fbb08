import { setTimeout as pause } from 'node:timers/promises';
import { environmentFor } from './environment.js';
import { isCode } from './error-code.js';
import { readProcFile } from './process-table.js';
import { startProcess } from './start-process.js';
import { withinTime } from './within-time.js';

/** How long a killed process may take to end. One that waits for a device inside the kernel does not end at all. */
const endLimitMilliseconds = 1_000;
const pollMilliseconds = 20;

/**
 * Kills processes that hang.
 * @param sudo kills them through sudo, because they run as root and this process does not
 * @returns the processes that are still running afterwards
 */
export async function killProcesses(pids: readonly number[], sudo: boolean): Promise<readonly number[]> {
  await (sudo ? killThroughSudo(pids) : kill(pids));
  for (let waited = 0; waited < endLimitMilliseconds && pids.some(isRunning); waited += pollMilliseconds)
    await pause(pollMilliseconds);
  return pids.filter(isRunning);
}

function kill(pids: readonly number[]): void {
  for (const pid of pids)
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // The process has ended in the meantime.
    }
}

/** Runs sudo with -n, because there may be no user to type a password. Leaves a sudo that hangs. */
async function killThroughSudo(pids: readonly number[]): Promise<void> {
  const { child, ended } = startProcess(['sudo', '-n', 'kill', '-KILL', ...pids.map(String)], {
    stdio: 'ignore',
    env: environmentFor(true),
  });
  child?.unref();
  await withinTime(ended, endLimitMilliseconds);
}

/** Returns true for a process that may not be signaled too, and false for one that has ended but was not waited for. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!isCode(error, 'EPERM')) return false;
  }
  return !hasEnded(pid);
}

/** Reads the process's state: Z is a zombie, which its parent may never wait for, and X is dead. */
const hasEnded = (pid: number): boolean => /\) [ZX] /.test(readProcFile(`${pid}/stat`));
