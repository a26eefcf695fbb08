import type { Readable } from 'node:stream';
import type { CommandResult } from '../node/access.js';
import type { Command } from '../node/command.js';
import { environmentFor } from './environment.js';
import type { RunnerOptions } from './run-options.js';
import { shellName } from './shell-name.js';
import { startProcess } from './start-process.js';
import { throughSudo } from './through-sudo.js';
import {
  exitStatus,
  isNoFork,
  isNotFound,
  killTool,
  noProcess,
  notStarted,
  toolHangs,
  toolMissing,
} from './tool-errors.js';
import { withinTime } from './within-time.js';

/**
 * Reads a tool's whole input before it starts the tool, so that a kproxy that is killed meanwhile leaves no half of a
 * batch. `$1` is the input's length in bytes; the other words are the tool's. Keeps line breaks at the end.
 */
const script = `
input=$(cat; echo .)
input=\${input%.}
[ "\${#input}" = "$1" ] || exit 125
shift
printf %s "$input" | "$@"`;

/** How long output may pause after a tool has ended, in milliseconds: what it has started may keep the pipes open. */
const quietMilliseconds = 500;

/**
 * Runs a tool with pipes. For a machine on which no file can be written: it is slower than with files.
 * @throws KproxyError as `ToolRunner.run` does
 */
export async function runThroughPipes(command: Command, options: RunnerOptions): Promise<CommandResult> {
  const { argv, input = '' } = command;
  const { sudo, inherits, timeoutMilliseconds } = options;
  const tool = sudo ? throughSudo(argv) : argv;
  const words = ['/bin/sh', '-c', script, shellName, String(Buffer.byteLength(input)), ...tool];
  const started = startProcess(words, {
    stdio: ['pipe', 'pipe', 'pipe', ...(inherits === undefined ? [] : [inherits])],
    env: environmentFor(sudo),
  });
  const { child } = started;
  const output = [child?.stdout, child?.stderr].map(stream => collect(stream ?? undefined));
  child?.stdin?.on('error', () => {}).end(input);
  const end = await withinTime(started.ended, timeoutMilliseconds);
  if (end === 'late') {
    for (const one of output) one.stop();
    throw toolHangs(argv, timeoutMilliseconds, await killTool(started, sudo));
  }
  if (end.error !== undefined) return notStarted(tool[0] ?? '', end.error);
  const [stdout = '', stderr = ''] = await Promise.all(output.map(one => one.text()));
  const result = { stdout, stderr, exitCode: exitStatus(end) };
  if (isNotFound(result)) throw toolMissing(tool[0] ?? '');
  // The tool did not get its input, or was not started.
  if (result.exitCode !== 0 && isNoFork(stderr)) return noProcess(tool[0] ?? '', stderr);
  return result;
}

interface Collected {
  /** Returns all of the text, once the pipe is closed or has been quiet for a while. */
  text(): Promise<string>;
  stop(): void;
}

function collect(stream: Readable | undefined): Collected {
  const chunks: Buffer[] = [];
  const closed = new Promise<void>(resolve => {
    if (stream === undefined) resolve();
    stream
      ?.on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('close', resolve)
      .on('error', () => {});
  });
  return {
    async text() {
      for (let seen = -1; seen < chunks.length; ) {
        seen = chunks.length;
        if ((await withinTime(closed, quietMilliseconds)) !== 'late') break;
      }
      stream?.destroy();
      return Buffer.concat(chunks).toString('utf8');
    },
    stop: () => stream?.destroy(),
  };
}
