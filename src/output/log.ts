import { shortened, visible, visibleText } from '../visible.js';
import { type JournalPriority, withPriority } from './journal.js';

export type LogFormat = 'text' | 'json';
type Fields = Readonly<Record<string, unknown>>;

/**
 * What is logged: one line, or the lines of a text whose later ones belong to the first. No line break within a line
 * makes another one, because the texts quote objects and tools.
 */
type LogMessage = string | readonly string[];
type Write = (message: LogMessage, fields?: Fields) => void;

/** Writes one line for each event: for people, or as JSON with details as fields. */
export interface Log {
  readonly debug: Write;
  readonly info: Write;
  readonly warning: Write;
  readonly error: Write;
}

export interface LogOptions {
  readonly format: LogFormat;
  /** Writes debug lines too. */
  readonly isVerbose: boolean;
  /** Writes for the journal: each line has its priority in front, and text has no time, which the journal adds. */
  readonly isJournal?: boolean;
  readonly write: (text: string) => void;
  readonly now: () => Date;
}

/** In characters. */
const longestLine = 2_000;

const marks: Readonly<Record<JournalPriority, string>> = {
  debug: '',
  info: '',
  warning: 'warning: ',
  error: 'error: ',
};

export function createLog({ format, isVerbose, isJournal = false, write, now }: LogOptions): Log {
  const at =
    (level: JournalPriority) =>
    (message: LogMessage, fields: Fields = {}): void => {
      if (level === 'debug' && !isVerbose) return;
      const time = now().toISOString();
      const begin = isJournal ? '' : `${time} `;
      const texts = linesOf(message);
      const lines =
        format === 'json'
          ? [visibleText(JSON.stringify({ time, level, message: texts.join('\n'), ...fields }))]
          : texts.map(line => `${begin}${marks[level]}${line}`);
      for (const line of lines) write(`${isJournal ? withPriority(level, line) : line}\n`);
    };
  return { debug: at('debug'), info: at('info'), warning: at('warning'), error: at('error') };
}

const linesOf = (message: LogMessage): readonly string[] =>
  (typeof message === 'string' ? [message] : message).map(line => shortened(visible(line), longestLine));
