/** One process: an argv array that never passes through a shell, and what it reads from stdin. */
export interface Command {
  readonly argv: readonly string[];
  readonly input?: string;
}

/** A command that only looks, and says by its exit status whether something is there. */
export interface Check {
  readonly argv: readonly string[];
  /** Where the exit status does not tell: what the output must hold. */
  readonly finds?: string;
  /** With `finds`: it must be a whole line, and this one must be the only one. */
  readonly once?: boolean;
}

/** A command as a script needs it: with what makes it harmless to run again. Where the node has just been read, only the command runs. */
export interface Step {
  readonly command: Command;
  /** Skip the command where all of these hold. */
  readonly unless?: readonly Check[];
  /** Run the command only where this holds. */
  readonly when?: Check;
  /** Why this command stands where it does, if that is more than its change's reason. */
  readonly why?: string;
  readonly beyondChapter?: boolean;
  /** The exit status tells of the last line only: a word on stderr is a failure too. */
  readonly isSilent?: boolean;
  /** The sets whose entries make the command necessary. */
  readonly sets?: readonly string[];
}
