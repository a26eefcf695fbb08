import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The fields of kproxy's JSON log that the benchmark reads. */
export interface LogLine {
  readonly services?: readonly string[];
  readonly isWhole?: boolean;
}

const timeout = 60_000;

/** The log that a child writes to its standard error. */
export class LogLines {
  readonly #texts: string[] = [];
  #onLine: (line: LogLine) => void = () => {};
  #onExit: (error: Error) => void = () => {};

  constructor(child: ChildProcess) {
    createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', text => {
      this.#texts.push(text);
      if (text.startsWith('{')) this.#onLine(JSON.parse(text) as LogLine);
    });
    child.once('exit', code => this.#onExit(this.#problem(`kproxy sync --watch ended with ${code}`)));
  }

  /** Waits for the next line that matches. @throws Error if the child exits or the time is over */
  next(matches: (line: LogLine) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(this.#problem('no sync was logged in time')), timeout);
      this.#onExit = reject;
      this.#onLine = line => {
        if (!matches(line)) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #problem(what: string): Error {
    return new Error(`${what}; the end of its log:\n${this.#texts.slice(-10).join('\n')}`);
  }
}
