import { type Command, Option } from 'commander';

export type ColorChoice = 'auto' | 'always' | 'never';

export const colorOption = (): Option =>
  new Option('--color <when>', 'color the output: auto is on a terminal, unless NO_COLOR is set')
    .choices(['auto', 'always', 'never'])
    .default('auto');

interface Terminal {
  readonly isTTY?: boolean | undefined;
}

/**
 * Returns true if the result is to be colored. The option overrides NO_COLOR (https://no-color.org), which overrides
 * FORCE_COLOR.
 */
export function isColored(choice: ColorChoice, environment: NodeJS.ProcessEnv, { isTTY = false }: Terminal): boolean {
  if (choice !== 'auto') return choice === 'always';
  const { NO_COLOR = '', FORCE_COLOR, TERM } = environment;
  if (NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTTY && TERM !== 'dumb';
}

/** Returns true if this command's result is to be colored. */
export const colorsOf = (command: Command): boolean =>
  isColored(command.optsWithGlobals<{ color: ColorChoice }>().color, process.env, process.stdout);
