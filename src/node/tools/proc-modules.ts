/** A loaded kernel module, and how many users hold it. */
export interface ModuleUse {
  readonly name: string;
  readonly users: number;
}

/**
 * Parses /proc/modules (`ip_vs_rr 16384 12 - Live 0x0`). Modules that are built into the kernel are not listed there.
 */
export function* parseProcModules(text: string): Generator<ModuleUse> {
  for (const line of text.split('\n')) {
    const [name = '', , users = ''] = line.split(' ');
    if (name !== '') yield { name, users: Number(users) };
  }
}
