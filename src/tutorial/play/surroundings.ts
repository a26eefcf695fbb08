import type { TerminalSize } from '../../sandbox/sandbox.js';

/** What of this process decides how the lesson looks. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly hasTerminal: boolean;
  readonly isColored: boolean;
}

/** Returns the size of the terminal. Without one, or if it does not know its size: 80 × 24. */
export const sizeOf = ({ columns, rows }: { readonly columns?: number; readonly rows?: number }): TerminalSize => ({
  columns: columns || 80,
  rows: rows || 24,
});

/** Returns the variables by which programs on the machines know the learner's terminal. */
export function terminalEnvironment({
  environment,
  hasTerminal,
  isColored,
}: Surroundings): Readonly<Record<string, string>> {
  const { TERM, COLORTERM } = environment;
  return {
    TERM: hasTerminal && TERM ? TERM : 'dumb',
    ...(COLORTERM && isColored && { COLORTERM }),
    ...(!isColored && { NO_COLOR: '1' }),
  };
}

/** A terminal that only prints gets no line editor: it would move the cursor. */
export const hasLineEditor = ({ TERM = 'dumb' }: NodeJS.ProcessEnv): boolean => TERM !== 'dumb' && TERM !== '';
