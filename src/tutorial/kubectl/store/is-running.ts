import { readFileSync } from 'node:fs';

/** Returns true if a process with this number lives. One that has ended and waits for its parent does not. */
export function isRunning(process: number): boolean {
  if (!Number.isSafeInteger(process) || process <= 0) return false;
  return exists(process) && !isZombie(process);
}

function exists(number: number): boolean {
  try {
    process.kill(number, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Reads the state behind the program's name, which stands in parentheses and may have any character. */
function isZombie(number: number): boolean {
  try {
    const stat = readFileSync(`/proc/${number}/stat`, 'utf8');
    return /^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}
