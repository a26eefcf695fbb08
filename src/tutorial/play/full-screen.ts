/** The control sequences by which an editor or a pager takes the terminal's second screen. */
const secondScreen = /\[\?(?:47|1047|1049)h/;
/** Longer than all but the last character of such a sequence. */
const longestRest = 8;
/** Who only switches and ends, such as `tput smcup`, has ended by then. */
const graceMilliseconds = 500;

/** Watches an output for a program that wants the whole terminal. It cannot be used without keys. */
export interface FullScreenWatch {
  /** Aborted once such a program has run for half a second. */
  readonly signal: AbortSignal;
  see(output: string): void;
  end(): void;
}

export function watchForFullScreen(): FullScreenWatch {
  const controller = new AbortController();
  let rest = '';
  let timer: NodeJS.Timeout | undefined;
  return {
    signal: controller.signal,
    see(output) {
      const text = rest + output;
      rest = text.slice(-longestRest);
      if (secondScreen.test(text)) timer ??= setTimeout(() => controller.abort(), graceMilliseconds);
    },
    end: () => clearTimeout(timer),
  };
}
