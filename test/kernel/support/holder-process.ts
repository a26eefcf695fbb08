import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { withinLimit } from '../../../src/sandbox/time-limit.js';

/** A bundle of sandbox-holder.ts beside a package.json, like the product. It is below /tmp, which each guest hides. */
export interface Holder {
  readonly program: string;
  /** The program's folder for temporary files. Empty before and after. */
  readonly temporary: string;
}

/** Bundles the holder for one test. All users can read it. */
export async function bundleHolder(): Promise<Holder> {
  const folder = await mkdtemp(join(tmpdir(), 'kproxy-test-'));
  const program = join(folder, 'holder.mjs');
  const entry = fileURLToPath(new URL('./sandbox-holder.ts', import.meta.url));
  await build({
    entryPoints: [entry],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: '// bundle' },
  });
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const temporary = join(folder, 'temporary');
  await mkdir(temporary);
  await chmod(temporary, 0o777);
  await chmod(folder, 0o755);
  return { program, temporary };
}

/** Starts the holder. `prefix` precedes Node's command line, to change the user. */
export function startHolder(
  holder: Holder,
  words: readonly string[] = [],
  prefix: readonly string[] = [],
): ChildProcess {
  const [command = '', ...rest] = [...prefix, process.execPath, holder.program, ...words];
  return spawn(command, rest, {
    env: { ...process.env, TMPDIR: holder.temporary },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Returns the first line that the holder prints. Rejects if it ends or prints none within a minute. */
export function firstLine(child: ChildProcess): Promise<string> {
  return withinLimit(untilLine(child), 60_000, () => {
    throw new Error('the holder printed no line within 60 s');
  });
}

function untilLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', chunk => {
      text += chunk;
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    child.once('exit', code => reject(new Error(`the holder ended with ${code} before it printed a line: ${text}`)));
  });
}

/** Returns the command lines of all processes that name the holder's folder for temporary files, and its files. */
export async function leftovers(holder: Holder): Promise<readonly string[]> {
  const processes = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  const lines = await Promise.all(processes.map(id => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return [...lines.filter(line => line.includes(holder.temporary)), ...(await readdir(holder.temporary))];
}

/** Waits up to 20 seconds until nothing is left. Returns what is still left. */
export async function finalLeftovers(holder: Holder): Promise<readonly string[]> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if ((await leftovers(holder)).length === 0) return [];
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  return leftovers(holder);
}
