import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Bundles join-program.ts into the folder. Returns the path of the program. */
export async function bundleJoinProgram(folder: string): Promise<string> {
  const program = join(folder, 'join.mjs');
  const entry = fileURLToPath(new URL('./join-program.ts', import.meta.url));
  await build({ entryPoints: [entry], outfile: program, bundle: true, platform: 'node', format: 'esm' });
  return program;
}
