// Runs commands of the program in one process, with tools that do nothing, and writes the bytecode that V8 then has.
// Started by bytecode.js with the folder of program.js.
import { writeFileSync } from 'node:fs';
import type { Script } from 'node:vm';
import { bytecodePath, loadProgram, type PartName } from '../../src/startup/load-program.js';

const [node = '', self = '', folder = ''] = process.argv;
const scripts = new Map<PartName, Script>();
const { main } = loadProgram(folder, (part, script) => scripts.set(part, script));

const cluster = ['--from', 'scripts/demo/cluster', '--node', 'inajob', '--no-sudo'];
const commands = [
  ['sync', '--help'],
  ['endpoints', '-A', '--from', 'scripts/demo/cluster', '-o', 'json'],
  ['diff', ...cluster],
  ['status', ...cluster],
  ['sync', '--dry-run', ...cluster],
];

for (const stream of [process.stdout, process.stderr]) stream.write = () => true;
for (const command of commands) {
  process.argv = [node, self, ...command];
  await main();
}
// The exit codes of `diff` and `status` report differences.
process.exitCode = 0;
for (const [part, script] of scripts) writeFileSync(bytecodePath(folder, part), script.createCachedData());
