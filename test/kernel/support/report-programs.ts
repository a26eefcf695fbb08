import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { builtProgram, programInPath } from './control-plane.js';

const source = fileURLToPath(new URL('../../support/fake-api-server/program.ts', import.meta.url));

/** The real kubectl of this machine, or undefined if it is neither installed nor built. */
export const kubectl = builtProgram('kubectl') ?? programInPath('kubectl');

/** Programs that a case with an API server needs. */
export interface ApiPrograms {
  /** The command that starts the fake API server: it gets a port and a file of objects. */
  readonly apiServer: string;
  readonly kubectlFolder: string;
  /** The temporary folder with the bundle. */
  readonly folder: string;
  /** Host folders that the guest must see. */
  readonly folders: readonly string[];
}

/** Bundles the fake API server into a folder of its own. */
export async function buildApiPrograms(): Promise<ApiPrograms> {
  if (kubectl === undefined) throw new Error('kubectl is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'kproxy-api-'));
  const outfile = join(folder, 'api-server.cjs');
  await build({ entryPoints: [source], outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' });
  return {
    apiServer: `${process.execPath} ${outfile}`,
    kubectlFolder: dirname(kubectl),
    folder,
    folders: [folder, dirname(kubectl)],
  };
}
