import { readdirSync, readFileSync } from 'node:fs';

/** Returns the parent of every process that this one may see. */
function parents(): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const name of processNames()) {
    // The name before the state is in parentheses, and may have some itself.
    const stat = readProcFile(`${name}/stat`);
    const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (parent !== undefined) found.set(Number(name), Number(parent));
  }
  return found;
}

/**
 * Returns the processes that a process has started, with those that they have started. Searches all processes for their
 * parents, because only some kernels list children (CONFIG_PROC_CHILDREN).
 */
export function descendantsOf(pid: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const [child, parent] of parents()) children.set(parent, [...(children.get(parent) ?? []), child]);
  const found: number[] = [];
  const visit = (parent: number): void => {
    for (const child of children.get(parent) ?? []) {
      found.push(child);
      visit(child);
    }
  };
  visit(pid);
  return found;
}

function processNames(): readonly string[] {
  try {
    return readdirSync('/proc').filter(name => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** Returns a file below /proc, or an empty text if it cannot be read: its process may have ended. */
export function readProcFile(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}
