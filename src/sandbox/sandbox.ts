/** How a command is run in the sandbox. */
export interface CommandOptions {
  /** Its whole standard input; without it the command reads an empty one. */
  readonly input?: string | Uint8Array;
  /** Added to the guest's own environment (PATH, HOME, LANG). */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: `/`. */
  readonly cwd?: string;
  /** Name of a network namespace of the sandbox. */
  readonly namespace?: string;
  /** After this time the command's process group is killed, and its result says `timedOut`. */
  readonly timeoutMilliseconds?: number;
}

export interface CommandResult {
  /** The exit code; 128 + number for a signal, 127 for a missing program, as in a shell. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** A command that is still at work. */
export interface RunningCommand {
  /** Settles when the command has ended; rejects if the sandbox ends before it. */
  readonly result: Promise<CommandResult>;
  /** What it has written so far. */
  stdout(): string;
  stderr(): string;
  /** Resolves as soon as the standard output matches; rejects if the command ends before that. */
  untilOutput(pattern: RegExp): Promise<void>;
  /** Signals the command and its children. Default: SIGTERM. */
  kill(signal?: 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGKILL'): void;
}

export interface SandboxOptions {
  /** The guest's memory. Default: 256, of a virtual machine 1,024. */
  readonly memoryMegabytes?: number;
  /**
   * Further host folders that commands need to read. Only those below /tmp, /var/tmp, /run and /dev have to be named, for the guest has its own.
   * The program's own folder and Node's are there in any case.
   */
  readonly visibleFolders?: readonly string[];
  /** Name or path of the User-Mode Linux kernel. Default: `linux.uml`, the one of Debian's package. */
  readonly kernel?: string;
  /**
   * Folder with a kernel of Debian that scripts/unpack-kernel.sh has made: then the guest is a virtual machine with two processors, slower, and it has
   * iptables' nft back end besides the legacy one.
   */
  readonly virtualMachine?: string;
}

/**
 * A private machine with a real IPVS kernel. Commands see the host's files (read-only), have empty writable /tmp, /var/tmp and /run, and run as
 * root of the guest, several at a time.
 */
export interface Sandbox {
  /** Runs a command to its end. An exit code other than 0 is a result, not an error. Default time-out: one minute, in a virtual machine five. */
  run(argv: readonly string[], options?: CommandOptions): Promise<CommandResult>;
  /** Starts a command that stays, without a time-out unless one is given. */
  start(argv: readonly string[], options?: CommandOptions): RunningCommand;
  /** Writes a file in the guest; below /proc/sys/net, the setting of the given network namespace. */
  writeFile(path: string, content: string | Uint8Array, options?: { readonly namespace?: string }): Promise<void>;
  /** Ends the guest and everything in it. May be called more than once. */
  close(): Promise<void>;
}
