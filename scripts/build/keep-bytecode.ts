// Runs commands of the program in one process, on tools that do nothing, and writes what V8 has compiled for them.
import { writeFileSync } from 'node:fs';
import type { Script } from 'node:vm';
import { bytecodeIn, runProgram, scriptIn } from '../../src/startup/load-program.js';
import { tuneV8 } from '../../src/startup/tune-v8.js';

const [node = '', self = '', folder = ''] = process.argv;
const scripts = new Map<string, Script>();
const { main } = runProgram(file => {
  const script = scriptIn(folder, file);
  scripts.set(file, script);
  return script;
});

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
process.exitCode = 0;
for (const [file, script] of scripts) {
  writeFileSync(bytecodeIn(folder, file), script.createCachedData());
  // All files but the first are loaded with these flags, and V8 takes no bytecode that was made with others.
  tuneV8();
}
