/** One process: an argv array that never passes through a shell, and what it reads from stdin. */
export interface Command {
  readonly argv: readonly string[];
  readonly input?: string;
}

/** A command that changes nothing and reports by its exit status whether something is present. */
export interface Check {
  readonly argv: readonly string[];
  /** What the output must contain, if the exit status does not tell. */
  readonly finds?: string;
  /** With `finds`: it must be exactly one whole line. */
  readonly once?: boolean;
  /** With `finds`: the output must not contain it. */
  readonly isAbsent?: boolean;
  /** True if any user can run it. sudo may allow only the tools. */
  readonly needsNoRoot?: boolean;
}

/**
 * A command as a script needs it: with checks that make it harmless to run again. Sync itself needs none of them but
 * `raises`.
 */
export interface Step {
  readonly command: Command;
  /** Skip the command if all of these hold. */
  readonly unless?: readonly Check[];
  /** Run the command only if this holds. */
  readonly when?: Check;
  /** The index of the rule that the command adds, if its element has several. The rule has a reason of its own. */
  readonly rule?: number;
  /** The command raises the number in this file, and must not run if the number is as large already. */
  readonly raises?: { readonly path: string; readonly to: number };
  /** Any text on stderr is a failure, because the exit status is that of the last line only. */
  readonly isSilent?: boolean;
}
