export type LogFormat = 'text' | 'json';
type Level = 'debug' | 'info' | 'warning' | 'error';
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
  readonly write: (text: string) => void;
  readonly now: () => Date;
}

const marks: Readonly<Record<Level, string>> = { debug: '', info: '', warning: 'warning: ', error: 'error: ' };

export function createLog({ format, isVerbose, write, now }: LogOptions): Log {
  const at =
    (level: Level) =>
    (message: string, fields: Fields = {}): void => {
      if (level === 'debug' && !isVerbose) return;
      const time = now().toISOString();
      if (format === 'json') write(`${JSON.stringify({ time, level, message, ...fields })}\n`);
      else for (const line of message.split('\n')) write(`${time} ${marks[level]}${line}\n`);
    };
  return { debug: at('debug'), info: at('info'), warning: at('warning'), error: at('error') };
}
