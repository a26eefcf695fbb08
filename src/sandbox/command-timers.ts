/** How long a command may take. */
export interface CommandLimits {
  /** See `CommandOptions`. */
  readonly timeoutMilliseconds: number | undefined;
  /** The limit for the end of a command after it was killed or hung up, and the default one for its output. */
  readonly waitMilliseconds: number;
}

interface TimerActions {
  readonly kill: () => void;
  /** Called with the problem if the command has not ended a second limit after it was killed. */
  readonly onNoEnd: (problem: string) => void;
}

export interface CommandTimers {
  /** Returns true once the command was killed because its time was over. */
  timedOut(): boolean;
  /** Starts the second limit, for a command that was told to end. */
  expectEnd(): void;
  stop(): void;
}

/** Starts a command's timers, or none without a timeout. */
export function startTimers(
  { timeoutMilliseconds, waitMilliseconds }: CommandLimits,
  { kill, onNoEnd }: TimerActions,
): CommandTimers {
  let timer: NodeJS.Timeout | undefined;
  let timedOut = false;
  let hasEnded = false;
  const noEnd = () => onNoEnd(`did not end within ${waitMilliseconds / 1_000} s of SIGKILL in the sandbox`);
  const expectEnd = () => {
    if (hasEnded) return;
    clearTimeout(timer);
    timer = setTimeout(noEnd, waitMilliseconds);
  };
  if (timeoutMilliseconds !== undefined)
    timer = setTimeout(() => {
      timedOut = true;
      kill();
      expectEnd();
    }, timeoutMilliseconds);
  return {
    timedOut: () => timedOut,
    expectEnd,
    stop() {
      hasEnded = true;
      clearTimeout(timer);
    },
  };
}
