import type { Command } from './command.js';
import type { Backend } from './iptables-backend.js';

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** The seam to the node: everything that kproxy reads from it or does to it passes here. */
export interface NodeAccess {
  /** True if commands may be started through `unshare`. False through sudo, which may allow only the tools. */
  readonly canUnshare?: boolean;
  /** The iptables backend that the user chose. Undefined lets the node's rules decide. */
  readonly chosenBackend?: Backend | undefined;
  /** @throws KproxyError if the program is missing, may not be run, or does not end in time */
  run(command: Command): Promise<CommandResult>;
  /** Returns undefined if there is no such file. */
  readFile(path: string): Promise<string | undefined>;
  /**
   * Returns true for a file without a write bit, and false if there is no such file. Missing for a node
   * whose files have no modes.
   */
  isReadOnly?(path: string): Promise<boolean>;
}
