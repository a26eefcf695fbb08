// Runs commands of the program in one process, on tools that do nothing, and writes what V8 has compiled for them.
import { writeFileSync } from 'node:fs';
import { bytecodeIn, runScript, scriptIn } from '../../src/load-program.js';

const [node = '', self = '', folder = ''] = process.argv;
const script = scriptIn(folder, undefined);
const { main } = runScript(script, folder);

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
writeFileSync(bytecodeIn(folder), script.createCachedData());
