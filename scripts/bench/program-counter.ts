const folder = '/run/counters';
const record = '/run/programs';

/** Appends its own name to the record and becomes the program of that name: it adds no process. */
const shim = `#!/bin/sh
name=\${0##*/}
echo "$name" >> ${record}
PATH=\${PATH#${folder}:}
program=$(command -v "$name")
PATH=${folder}:$PATH
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
    await this.#machine.runLine(`: > ${record}; (PATH=${folder}:$PATH; ${line})`);
    const names = await this.#machine.runLine(`cat ${record}`);
    return names.split('\n').filter(Boolean);
  }
}
