import type { TerminalSize } from '../../sandbox/sandbox.js';
import type { Machine } from '../machines.js';
import type { Observation } from '../observe/observed.js';

/** The machines of the lesson: on a kernel of their own, or recorded answers where no kernel can run. */
export interface Lab {
  /** True if answers are recorded ones. Nothing can be typed then, and there are no shells. */
  readonly isRecorded: boolean;
  /** The release of the kernel: `6.1.176`. */
  readonly release: string;
  /**
   * Runs lines of shell on a machine, as on a terminal. Variables that the lines set are kept for the next call on the
   * same machine, and so is the working directory.
   * @throws NotRecordedError if answers are recorded and these lines are no command of the lesson
   */
  run(machine: Machine, line: string, options?: RunOptions): Promise<Ran>;
  /** Reads what the kernels of the workers and the cluster answer now. */
  observe(): Promise<Observation>;
  /**
   * Opens an interactive shell on a machine.
   * @throws NotRecordedError if answers are recorded
   */
  openShell(machine: Machine, options: ShellOptions): Shell;
  /**
   * Puts everything back to how it was at the beginning, on new machines, and then runs these commands. Those that only
   * look, such as `curl`, are left out: counters may then be lower than if they had run. Open shells end.
   * @param signal leaves out the rest of the commands. The machines are then good for nothing but their end
   */
  restart(commands: readonly LabCommand[], signal?: AbortSignal): Promise<void>;
  /** Ends everything. May be called more than once. */
  close(): Promise<void>;
}

export interface LabCommand {
  readonly on: Machine;
  readonly command: string;
}

export interface RunOptions {
  /** Called with output as it arrives: what a terminal would get, colors and `\r\n` included. */
  readonly onOutput?: (text: string) => void;
  /** The size of the terminal. Default: 80 × 24. */
  readonly size?: TerminalSize;
  /** TERM, NO_COLOR and other variables of the learner's terminal. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Interrupts the command, as Ctrl-C does. */
  readonly signal?: AbortSignal;
  /** Default: one minute. */
  readonly timeoutMilliseconds?: number;
}

export interface Ran {
  /** What a terminal would show, without colors and other control characters. Lines end with `\n`. */
  readonly output: string;
  readonly exitCode: number;
  readonly timedOut: boolean;
}

export interface ShellOptions {
  readonly size: TerminalSize;
  readonly environment?: Readonly<Record<string, string>>;
  readonly onOutput: (bytes: Uint8Array) => void;
}

/** A shell on a terminal of its own. */
export interface Shell {
  write(bytes: Uint8Array): void;
  resize(size: TerminalSize): void;
  /** Ends the shell and what was started in it. */
  hangUp(): void;
  /** Resolves with the exit code once the shell has ended, for whatever reason. */
  readonly ended: Promise<number>;
}
