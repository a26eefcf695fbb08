import { Chalk } from 'chalk';

/** Writes for a person: colours repeat what the text says, and are only there on a terminal without NO_COLOR. */
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
  readonly colours: boolean;
  /** Longest line of prose. */
  readonly width: number;
}

export function createTerminal({ write, colours, width }: TerminalOptions): Terminal {
  const chalk = new Chalk({ level: colours ? 1 : 0 });
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

/** Breaks a text between words. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Whether to colour: NO_COLOR and FORCE_COLOR as everywhere, otherwise only a terminal. */
export function wantsColours(environment: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (environment.NO_COLOR) return false;
  if (environment.FORCE_COLOR) return environment.FORCE_COLOR !== '0';
  return isTerminal && environment.TERM !== 'dumb';
}
