// Runs commands of the program in one process, with tools that do nothing, and writes the bytecode that V8 then has.
// Started by bytecode.js with the folder of program.js.
import { writeFileSync } from 'node:fs';
import { bytecodePath, loadProgram } from '../../src/startup/load-program.js';
import { tuneV8 } from '../../src/startup/tune-v8.js';

const [node = '', self = '', folder = ''] = process.argv;
const { program, scripts } = loadProgram(folder, () => {});

const cluster = ['--from', 'src/tutorial/cluster', '--node', 'inajob', '--no-sudo'];
const commands = [
  ['sync', '--help'],
  ['endpoints', '-A', '--from', 'src/tutorial/cluster', '-o', 'json'],
  ['diff', ...cluster],
  ['status', ...cluster],
  ['sync', '--dry-run', ...cluster],
  ['explain', 'web-service', ...cluster],
  ['explain', 'web-service', '--source', 'outside', '--as-desired', ...cluster],
];

for (const stream of [process.stdout, process.stderr]) stream.write = () => true;
for (const command of commands) {
  process.argv = [node, self, ...command];
  await program.main();
}
// The exit codes of `diff` and `status` report differences.
process.exitCode = 0;
// V8 rejects bytecode that was written with other flags than those with which it is read.
for (const [part, script] of scripts) {
  writeFileSync(bytecodePath(folder, part), script.createCachedData());
  if (part === 'command-line') tuneV8();
}
