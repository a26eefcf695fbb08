import type { Backend } from '../node/iptables-backend.js';

export type RunnerName = 'direct' | 'shell' | 'shell-first';

/** How tools are run. */
export interface RunOptions {
  /** Runs each tool through sudo. */
  readonly sudo: boolean;
  /** How long a tool may take before it is killed. */
  readonly timeoutMilliseconds: number;
  /**
   * `direct` starts each tool as a child of this process. `shell` starts tools through one long-lived shell, which
   * makes starting a tool cheap however much memory this process has. `shell-first` starts children only for what runs
   * beside the shell's tool. The default is `direct`.
   */
  readonly runner?: RunnerName | undefined;
  /** The iptables backend that the user chose. */
  readonly iptablesBackend?: Backend | undefined;
}

/** What a runner needs to know. */
export interface RunnerOptions extends Omit<RunOptions, 'runner' | 'iptablesBackend'> {
  /** The number of an open file that every tool inherits as its file 3. */
  readonly inherits?: number | undefined;
}
