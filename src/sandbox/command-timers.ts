interface TimerActions {
  readonly onTimeout: () => void;
  /** Called if the command has not ended a second limit after it was killed. */
  readonly onNoEnd: () => void;
}

export interface CommandTimers {
  /** Starts the second limit, for a command that was told to end. */
  expectEnd(): void;
  stop(): void;
}

/** Starts a command's timers, or none without a timeout. */
export function startTimers(
  timeoutMilliseconds: number | undefined,
  endMilliseconds: number,
  { onTimeout, onNoEnd }: TimerActions,
): CommandTimers {
  let timer: NodeJS.Timeout | undefined;
  let hasEnded = false;
  const expectEnd = () => {
    if (hasEnded) return;
    clearTimeout(timer);
    timer = setTimeout(onNoEnd, endMilliseconds);
  };
  if (timeoutMilliseconds !== undefined)
    timer = setTimeout(() => {
      onTimeout();
      expectEnd();
    }, timeoutMilliseconds);
  return {
    expectEnd,
    stop() {
      hasEnded = true;
      clearTimeout(timer);
    },
  };
}
