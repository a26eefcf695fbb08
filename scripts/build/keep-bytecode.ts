// Runs commands of the program in one process, on tools that do nothing, and writes what V8 has compiled for them.
import { writeFileSync } from 'node:fs';
import type { Script } from 'node:vm';
import { bytecodeIn, type Program, runScript, scriptIn } from '../../src/load-program.js';
import { tuneV8 } from '../../src/tune-v8.js';

const [node = '', self = '', folder = ''] = process.argv;
const others = new Map<string, Script>();
const program = scriptIn(folder, 'program');
const { main } = runScript(program, folder, 'program', name => {
  const script = scriptIn(folder, name);
  others.set(name, script);
  return script;
}) as Program;

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
const keep = (name: string, script: Script) => writeFileSync(bytecodeIn(folder, name), script.createCachedData());
keep('program', program);
// The others are loaded with these flags, and V8 takes no bytecode that was made with others.
tuneV8();
for (const [name, script] of others) keep(name, script);
