import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Where the bundled sandbox-holder.ts lies, beside a package.json as the product would: below /tmp, which a guest has its own of. */
export interface Holder {
  readonly program: string;
  /** Its folder for temporary files: empty before and after. */
  readonly temporary: string;
}

/** Bundles the holder for one test, readable by any user. */
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

/** Starts it; `prefix` is put before Node's command line, to change the user. */
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

/** The first line that it prints. */
export function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', chunk => {
      text += chunk;
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    child.once('exit', code => reject(new Error(`the holder ended with ${code} before it printed a line: ${text}`)));
  });
}

/** Command lines of all processes of the machine that name the holder's folder for temporary files, and the files in it. */
export async function leftovers(holder: Holder): Promise<readonly string[]> {
  const processes = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  const lines = await Promise.all(processes.map(id => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return [...lines.filter(line => line.includes(holder.temporary)), ...(await readdir(holder.temporary))];
}

/** Waits until nothing is left, and gives what still is when that does not come. */
export async function leftoversAtLast(holder: Holder): Promise<readonly string[]> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if ((await leftovers(holder)).length === 0) return [];
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  return leftovers(holder);
}
