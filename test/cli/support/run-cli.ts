import { vi } from 'vitest';
import { main } from '../../../src/cli/program.js';

export interface CliOutcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

type Write = typeof process.stdout.write;

/**
 * Runs the command line in this process.
 * @param toolPath the value of --tool-path
 * @param program the path that it is called by
 */
export async function kproxy(argv: readonly string[], toolPath?: string, program = 'kproxy'): Promise<CliOutcome> {
  const texts = { stdout: '', stderr: '' };
  const collect = (stream: 'stdout' | 'stderr') =>
    vi.spyOn(process[stream], 'write').mockImplementation(((text: string) => {
      texts[stream] += text;
      return true;
    }) as Write);
  const spies = [collect('stdout'), collect('stderr')];
  const before = { argv: process.argv, exitCode: process.exitCode };
  Object.assign(process, {
    argv: ['node', program, ...(toolPath === undefined ? [] : ['--tool-path', toolPath]), ...argv],
    exitCode: undefined,
  });
  try {
    const exitCode = await main();
    return { ...texts, exitCode };
  } finally {
    Object.assign(process, { argv: before.argv, exitCode: before.exitCode });
    for (const spy of spies) spy.mockRestore();
  }
}
