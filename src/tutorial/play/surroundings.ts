/** What of this process decides how the lesson looks. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly hasTerminal: boolean;
  readonly isColored: boolean;
}

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
