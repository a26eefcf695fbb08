/** How a command runs in the sandbox. */
export interface CommandOptions {
  /** The whole standard input. Default: empty. */
  readonly input?: string | Uint8Array;
  /** Variables in addition to the guest's own (PATH, HOME, LANG). */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: `/`. */
  readonly cwd?: string;
  /** The name of a network namespace of the sandbox. */
  readonly namespace?: string;
  /** The host name that the command sees. Default: that of the sandbox. */
  readonly hostname?: string;
  /** The time after which the command's process group is killed. Its result then has `timedOut`. */
  readonly timeoutMilliseconds?: number;
}

export interface CommandResult {
  /** As in a shell: 128 + number for a signal, 127 for a missing program. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** A command that is running. */
export interface RunningCommand {
  /** Resolves when the command has ended. Rejects if the sandbox ends first. */
  readonly result: Promise<CommandResult>;
  /** Returns the standard output so far. */
  stdout(): string;
  /** Returns the standard error so far. */
  stderr(): string;
  /**
   * Resolves as soon as the standard output matches. Default limit: 90 seconds, in a virtual machine 450.
   * @throws KproxyError sandbox-failed if the command ends or the limit passes first
   */
  untilOutput(pattern: RegExp, options?: { readonly timeoutMilliseconds?: number }): Promise<void>;
  /** Signals the command and its children. Default: SIGTERM. */
  kill(signal?: 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGKILL'): void;
}

/** The size of a terminal in characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface TerminalOptions extends Omit<CommandOptions, 'input'> {
  readonly size: TerminalSize;
  /** Called with what the terminal shows, control sequences included. */
  readonly onOutput: (bytes: Uint8Array) => void;
}

/** A command that runs on a terminal of its own, as the leader of its session. */
export interface Terminal {
  /** Types on the terminal. */
  write(bytes: Uint8Array | string): void;
  resize(size: TerminalSize): void;
  /** Hangs the terminal up: the command and what it started get SIGHUP, and SIGKILL soon after. */
  hangUp(): void;
  /** Resolves when the command has ended. Rejects if the sandbox ends first. */
  readonly ended: Promise<{ readonly exitCode: number; readonly timedOut: boolean }>;
}

export interface SandboxOptions {
  /** The guest's memory. Default: 256, for a virtual machine 1,024. */
  readonly memoryMegabytes?: number;
  /**
   * Host folders below /tmp, /var/tmp, /run and /dev that commands need to read. All other folders are visible anyway,
   * as are this program's folder and Node's.
   */
  readonly visibleFolders?: readonly string[];
  /** Name or path of the User-Mode Linux kernel. Default: `linux.uml`, from Debian's package. */
  readonly kernel?: string;
  /** Further arguments of a User-Mode Linux kernel, as `ipv6.disable=1`. */
  readonly kernelArguments?: readonly string[];
  /**
   * A folder that scripts/unpack-kernel.sh created from a Debian kernel. The guest is then a virtual machine with two
   * processors. It is slower, and it has the nft backend of iptables besides the legacy one.
   */
  readonly virtualMachine?: string;
}

/**
 * A private machine with a real IPVS kernel. Commands run as the guest's root, several at a time. They see the host's
 * files read-only, and have their own empty and writable /tmp, /var/tmp and /run.
 */
export interface Sandbox {
  /**
   * Runs a command to its end. An exit code other than 0 is a result, not an error. Default timeout: one minute, in a
   * virtual machine five.
   */
  run(argv: readonly string[], options?: CommandOptions): Promise<CommandResult>;
  /** Starts a command that keeps running. There is no default timeout. */
  start(argv: readonly string[], options?: CommandOptions): RunningCommand;
  /** Starts a command on a terminal. There is no default timeout. */
  openTerminal(argv: readonly string[], options: TerminalOptions): Terminal;
  /** Writes a file in the guest. Below /proc/sys/net it is the setting of the given network namespace. */
  writeFile(path: string, content: string | Uint8Array, options?: { readonly namespace?: string }): Promise<void>;
  /** Ends the guest and everything in it. May be called more than once. */
  close(): Promise<void>;
}
