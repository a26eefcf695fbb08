// Writes the bytecode of the functions that a few commands run. What it buys: see src/startup/load-program.ts.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The tools that read a node. */
const tools = ['ip', 'ipset', 'iptables-save', 'ip6tables-save', 'ipvsadm'];

/** A tool that prints what it prints on a node with nothing on it. */
const toolText = `#!/bin/sh
case "\${0##*/}" in
  ip) echo '[]' ;;
esac
`;

/**
 * @param {string} recorder the bundled record-bytecode.ts
 * @param {string} folder of the parts; the bytecode is written there
 * @param {string} id of the build
 */
export async function recordBytecode(recorder, folder, id) {
  const bin = await mkdtemp(join(tmpdir(), 'kproxy-build-'));
  try {
    await writeFile(join(bin, 'tool'), toolText, { mode: 0o755 });
    for (const tool of tools) await symlink('tool', join(bin, tool));
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
    await promisify(execFile)(process.execPath, [recorder, folder, id], { env });
  } finally {
    await rm(bin, { recursive: true, force: true });
  }
}
