// Keeps the bytecode of what a few commands run, so that V8 need not compile it at every start. See src/load-program.ts.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What the commands read a node with. */
const tools = ['ip', 'ipset', 'iptables-save', 'ip6tables-save', 'ipvsadm'];

/** Tools that print what a node with nothing on it has. */
const toolText = `#!/bin/sh
case "\${0##*/}" in
  ip) echo '[]' ;;
esac
`;

/**
 * @param {string} keeper the bundled keep-bytecode.ts
 * @param {string} folder of program.js, to which the bytecode goes
 */
export async function writeBytecode(keeper, folder) {
  const bin = await mkdtemp(join(tmpdir(), 'kproxy-build-'));
  try {
    await writeFile(join(bin, 'tool'), toolText, { mode: 0o755 });
    for (const tool of tools) await symlink('tool', join(bin, tool));
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
    await promisify(execFile)(process.execPath, [keeper, folder], { env });
  } finally {
    await rm(bin, { recursive: true, force: true });
  }
}
