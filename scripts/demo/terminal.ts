import { Chalk } from 'chalk';

/** Prints the demo for a person to read. Colors only repeat what the text says. */
export interface Terminal {
  act(title: string): void;
  say(text: string): void;
  picture(text: string): void;
  prompt(machine: string, line: string): void;
  output(text: string): void;
  end(text: string, isGood: boolean): void;
}

export interface TerminalOptions {
  readonly write: (text: string) => void;
  readonly colors: boolean;
  /** The longest line of a paragraph. */
  readonly width: number;
}

export function createTerminal({ write, colors, width }: TerminalOptions): Terminal {
  const chalk = new Chalk({ level: colors ? 1 : 0 });
  return {
    act: title => write(`\n${chalk.bold.cyan(`== ${title}`)}\n`),
    say: text => write(`\n${wrap(text, width).join('\n')}\n`),
    picture: text => write(`${text}\n`),
    prompt: (machine, line) => write(`\n${chalk.green(machine)}$ ${chalk.bold(line)}\n`),
    output: text => write(dimComments(text, chalk.dim)),
    end: (text, isGood) => write(`\n${isGood ? chalk.bold.green(text) : chalk.bold.red(text)}\n`),
  };
}

const dimComments = (text: string, dim: (line: string) => string): string =>
  text.replace(/^ *#.*$/gm, line => dim(line));

/** Breaks a text between words into lines. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Returns true on a terminal. NO_COLOR and FORCE_COLOR override that. */
export function wantsColors(environment: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (environment.NO_COLOR) return false;
  if (environment.FORCE_COLOR) return environment.FORCE_COLOR !== '0';
  return isTerminal && environment.TERM !== 'dumb';
}
