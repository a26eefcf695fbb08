import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { isCode } from './error-code.js';

/** How long a killed process may take to go. One that waits for a device in the kernel stays. */
const goneWithin = 1_000;

/**
 * Kills a tool that hangs, with all that it has started; through sudo where it runs as root and this process does not. Gives the processes that are
 * still there after that.
 * @param pid of the shell that has started the tool
 */
export async function endChildren(pid: number, sudo: boolean): Promise<readonly number[]> {
  const processes = await descendantsOf(pid);
  await (sudo ? killThroughSudo(processes) : kill(processes));
  for (let waited = 0; waited < goneWithin && processes.some(isThere); waited += 20) await pause(20);
  return processes.filter(isThere);
}

async function descendantsOf(pid: number): Promise<readonly number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const all = children
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number)
    .map(async child => [child, ...(await descendantsOf(child))]);
  return (await Promise.all(all)).flat();
}

function kill(processes: readonly number[]): void {
  for (const pid of processes)
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
}

/** -n: nobody may be there to type a password. */
const killThroughSudo = (processes: readonly number[]) =>
  execa('sudo', ['-n', 'kill', '-KILL', ...processes.map(String)], {
    reject: false,
    stdio: 'ignore',
    timeout: goneWithin,
  });

/** A signal that may not be sent finds the process there too. One that has ended and waits to be asked how is gone. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!isCode(error, 'EPERM')) return false;
  }
  return !hasEnded(pid);
}

function hasEnded(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
