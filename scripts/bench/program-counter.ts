import { dirname } from 'node:path';

const folder = '/run/counters';
/** The first folder in which kproxy looks for tools. Those of PATH do not count for it. */
const firstFolder = '/usr/local/sbin';
/** Where the programs themselves are: `/run/kproxy/bin` links to those of the first folder. */
const real = ['/run/kproxy/bin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin', dirname(process.execPath)];
const record = '/run/programs';

/** Appends its own name to the record and becomes the program of that name: it adds no process. */
const shim = `#!/bin/sh
name=\${0##*/}
echo "$name" >> ${record}
path=$PATH
PATH=${real.join(':')}
program=$(command -v "$name")
PATH=$path
exec "$program" "$@"
`;

const installScript = `
mkdir -p ${folder} && chmod +x /run/shim
for directory in /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin "$(dirname "$(command -v node)")"; do
  [ -d "$directory" ] && ls "$directory"
done | sort -u | perl -ne 'chomp; symlink "/run/shim", "${folder}/$_"'
`;

/** A machine whose programs are counted. */
export interface Machine {
  writeFile(path: string, content: string): Promise<void>;
  /** Runs a line of `sh` and returns its output. @throws Error if it fails */
  runLine(line: string): Promise<string>;
}

/** Counts the programs that a command starts: each program of the system is behind a shim that records its name. */
export class ProgramCounter {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Installs the shims. Must be called once, before anything is counted. */
  async install(): Promise<void> {
    await this.#machine.writeFile('/run/shim', shim);
    await this.#machine.runLine(installScript);
  }

  /** Runs a line of `sh` and returns the names of the programs in the order in which they were started. */
  async programsOf(line: string): Promise<readonly string[]> {
    // In a subshell, because a machine of the lesson keeps variables for its next line.
    await this.#machine.runLine(`mount --bind ${folder} ${firstFolder}`);
    try {
      await this.#machine.runLine(`: > ${record}; (PATH=${folder}:$PATH; ${line})`);
    } finally {
      await this.#machine.runLine(`PATH=${real.join(':')} umount ${firstFolder}`);
    }
    const names = await this.#machine.runLine(`cat ${record}`);
    return names.split('\n').filter(Boolean);
  }
}
