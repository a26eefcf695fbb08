import { type JournalPriority, withPriority } from './journal.js';

export type LogFormat = 'text' | 'json';
type Fields = Readonly<Record<string, unknown>>;

/** Writes one line for each event: for people, or as JSON with details as fields. */
export interface Log {
  readonly debug: (message: string, fields?: Fields) => void;
  readonly info: (message: string, fields?: Fields) => void;
  readonly warning: (message: string, fields?: Fields) => void;
  readonly error: (message: string, fields?: Fields) => void;
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

const marks: Readonly<Record<JournalPriority, string>> = {
  debug: '',
  info: '',
  warning: 'warning: ',
  error: 'error: ',
};

export function createLog({ format, isVerbose, isJournal = false, write, now }: LogOptions): Log {
  const at =
    (level: JournalPriority) =>
    (message: string, fields: Fields = {}): void => {
      if (level === 'debug' && !isVerbose) return;
      const time = now().toISOString();
      const begin = isJournal ? '' : `${time} `;
      const lines =
        format === 'json'
          ? [JSON.stringify({ time, level, message, ...fields })]
          : message.split('\n').map(line => `${begin}${marks[level]}${line}`);
      for (const line of lines) write(`${isJournal ? withPriority(level, line) : line}\n`);
    };
  return { debug: at('debug'), info: at('info'), warning: at('warning'), error: at('error') };
}
