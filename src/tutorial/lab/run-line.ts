import type { Sandbox, Terminal } from '../../sandbox/sandbox.js';
import type { Machine } from '../machines.js';
import { beginScriptPath, shellProgram } from './guest/keep-script.js';
import { machineOptions } from './guest/machine-options.js';
import type { Ran, RunOptions } from './lab.js';
import { plainText } from './plain-text.js';

const defaultTimeoutMilliseconds = 60_000;
/** How long a command has for ending by itself after Ctrl-C. */
const interruptMilliseconds = 2_000;
/** More of an output is passed on, but not returned. */
const mostCharacters = 2 ** 20;

/** Runs lines on a terminal of a machine. */
export async function runLine(
  sandbox: Sandbox,
  machine: Machine,
  line: string,
  { onOutput, size = { columns: 80, rows: 24 }, environment, signal, timeoutMilliseconds }: RunOptions = {},
): Promise<Ran> {
  let output = '';
  const decoder = new TextDecoder();
  const receive = (text: string) => {
    if (text === '') return;
    onOutput?.(text);
    if (output.length < mostCharacters) output += text;
  };
  const terminal = sandbox.openTerminal(shellArguments(line), {
    ...machineOptions(machine, environment),
    size,
    timeoutMilliseconds: timeoutMilliseconds ?? defaultTimeoutMilliseconds,
    onOutput: bytes => receive(decoder.decode(bytes, { stream: true })),
  });
  const { exitCode, timedOut } = await interruptible(terminal, signal);
  receive(decoder.decode());
  return { output: plainText(output), exitCode, timedOut };
}

/**
 * Returns a shell that runs lines. They begin on the first line of its script, so that its messages have their line
 * numbers. A line that is no valid shell is refused before anything of it runs.
 */
const shellArguments = (line: string): readonly string[] => [
  shellProgram,
  '-c',
  `. ${beginScriptPath}; ${line}\n`,
  'bash',
];

/** Waits for the end of a command. The signal types Ctrl-C, and hangs up if that is not enough. */
async function interruptible(terminal: Terminal, signal: AbortSignal | undefined): Promise<Awaited<Terminal['ended']>> {
  let timer: NodeJS.Timeout | undefined;
  const interrupt = () => {
    terminal.write('\u0003');
    timer = setTimeout(() => terminal.hangUp(), interruptMilliseconds);
  };
  if (signal?.aborted) interrupt();
  signal?.addEventListener('abort', interrupt, { once: true });
  try {
    return await terminal.ended;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', interrupt);
  }
}
