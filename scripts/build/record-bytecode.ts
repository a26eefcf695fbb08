// Runs commands of the program in one process, with tools that do nothing, and writes the bytecode that V8 then has.
// Started by bytecode.js with the folder of the parts and the build's id.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeBytecode } from '../../src/startup/bytecode.js';
import { loadProgram } from '../../src/startup/load-program.js';
import { tuneV8 } from '../../src/startup/tune-v8.js';

const [node = '', self = '', folder = '', id = ''] = process.argv;
const build = { folder, id };
const { program, parts } = loadProgram(build, () => {});

const cluster = ['--from', 'src/tutorial/cluster', '--node', 'inajob', '--no-sudo'];
const commands = [
  ['sync', '--help'],
  ['endpoints', '-A', '--from', 'src/tutorial/cluster', '-o', 'json'],
  ['diff', ...cluster],
  ['status', ...cluster],
  ['sync', '--dry-run', ...cluster],
  ['explain', 'web-service', ...cluster],
  ['explain', 'web-service', '--source', 'outside', '--as-desired', ...cluster],
  ...[
    ['apply', '-f', 'src/tutorial/cluster'],
    ['get', 'pod', '-o', 'wide'],
    ['get', 'service', 'web-service', '-o', 'yaml'],
    ['label', 'pod', 'web-inajob', 'app=web', '--overwrite'],
    ['get', '--raw', '/api/v1/services?limit=500'],
  ].map(command => ['tutorial-kubectl', ...command]),
  ['tutorial', '--recorded', '--yes'],
];

const store = mkdtempSync(join(tmpdir(), 'kproxy-cluster-'));
process.env.KPROXY_TUTORIAL_CLUSTER = store;
process.on('exit', () => rmSync(store, { recursive: true, force: true }));

for (const stream of [process.stdout, process.stderr]) stream.write = () => true;
for (const command of commands) {
  process.argv = [node, self, ...command];
  await program.main();
}
// The exit codes of `diff` and `status` report differences.
process.exitCode = 0;
// V8 rejects bytecode that was written with other flags than those with which it is read.
for (const [part, compiled] of parts) {
  writeBytecode(build, part, compiled);
  if (part === 'command-line') tuneV8();
}
