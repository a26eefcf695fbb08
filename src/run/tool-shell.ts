import { readFileSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { execa } from 'execa';
import type { CommandResult } from '../node/access.js';
import { openFile } from './open-file.js';
import { closeFiles, openTemporaryFiles, pathOfFile } from './temporary-files.js';
import { toolEnvironment } from './tool-environment.js';

/**
 * Reads how many words a command has, then the words, a line each, and answers with the command's exit status. The words become arguments and nothing
 * else: no line of input is ever parsed. The files 4 to 6, opened anew, are the command's input, output and errors. An interrupt that a
 * terminal sends to all of its programs is for the command.
 */
const script = `
trap : INT
while read -r count; do
  set --
  while [ "$count" -gt 0 ]; do
    IFS= read -r word
    set -- "$@" "$word"
    count=$((count - 1))
  done
  if command -v "$1" >/dev/null; then
    "$@" </proc/self/fd/4 >/proc/self/fd/5 2>/proc/self/fd/6 4<&- 5<&- 6<&-
    echo $?
  else
    echo missing
  fi
done`;

/** A shell that runs one command after another. */
export interface ToolShell {
  readonly pid: number;
  hasEnded(): boolean;
  /** How the command ended; `missing` where there is no such program. To be called when the last one has ended. */
  run(argv: readonly string[], input: string): Promise<CommandResult | 'missing'>;
  /** Ends the shell, which has no command at work. */
  end(): Promise<void>;
  /** Leaves the shell alone with its command, which cannot be killed. */
  abandon(): void;
}

/** @param inherits an open file that every command gets too, as its fourth */
export function startToolShell(inherits: number | undefined): ToolShell {
  const files = openTemporaryFiles(3);
  const [input = 0, output = 0, errors = 0] = files;
  const shell = execa('/bin/sh', ['-c', script], {
    stdio: ['pipe', 'pipe', 'ignore', inherits === undefined ? 'ignore' : openFile(inherits), ...files.map(openFile)],
    env: toolEnvironment(),
    reject: false,
    buffer: false,
    cleanup: false,
  });
  // Whether it is still there shows in its answer.
  shell.stdin.on('error', () => {});
  shell.unref();
  const pipes = [shell.stdin, shell.stdout] as readonly (Writable | Readable)[] as readonly Socket[];
  for (const pipe of pipes) pipe.unref();
  return {
    pid: shell.pid ?? 0,
    hasEnded: () => shell.stdout.destroyed,
    run: async (argv, text) => {
      if (argv.some(word => word.includes('\n'))) throw new Error('a line break in an argument would make two of it');
      writeFileSync(pathOfFile(input), text);
      shell.stdin.write([argv.length, ...argv, ''].join('\n'));
      // An idle shell keeps nobody waiting, one that is at work does.
      for (const pipe of pipes) pipe.ref();
      const answer = await answerFrom(shell.stdout);
      for (const pipe of pipes) pipe.unref();
      if (answer === 'missing') return answer;
      if (answer === undefined)
        return { stdout: '', stderr: 'the shell that starts the tools was killed', exitCode: 128 };
      return {
        stdout: readFileSync(pathOfFile(output), 'utf8'),
        stderr: readFileSync(pathOfFile(errors), 'utf8'),
        exitCode: Number(answer),
      };
    },
    end: async () => {
      shell.ref();
      shell.stdin.end();
      await shell;
      closeFiles(files);
    },
    abandon: () => {
      shell.stdin.destroy();
      shell.stdout.destroy();
      shell.unref();
      closeFiles(files);
    },
  };
}

/** The next line; undefined where the shell has ended. A line as short as this comes in one piece. */
const answerFrom = (stdout: Readable): Promise<string | undefined> =>
  new Promise(resolve => {
    const answered = (line: Buffer) => settle(line.toString().trim());
    const ended = () => settle(undefined);
    const settle = (answer: string | undefined) => {
      stdout.off('data', answered).off('close', ended);
      resolve(answer);
    };
    stdout.on('data', answered).on('close', ended);
  });
