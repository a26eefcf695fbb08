// Runs commands of the program in one process, on tools that do nothing, and writes what V8 has compiled for them.
'use strict';
const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

const [, , folder] = process.argv;
const file = join(folder, 'program.js');
const script = new Script(readFileSync(file, 'latin1'), { filename: file });
const loaded = { exports: {} };
script.runInThisContext()(loaded, require, file, folder);

const cluster = ['--from', 'scripts/demo/cluster', '--node', 'inajob', '--no-sudo'];
const commands = [
  ['sync', '--help'],
  ['endpoints', '-A', '--from', 'scripts/demo/cluster', '-o', 'json'],
  ['diff', ...cluster],
  ['status', ...cluster],
  ['sync', '--dry-run', ...cluster],
];

async function run() {
  const { argv } = process;
  const { write } = process.stdout;
  for (const stream of [process.stdout, process.stderr]) stream.write = () => true;
  for (const command of commands) {
    process.argv = [...argv.slice(0, 2), ...command];
    await loaded.exports.main();
  }
  process.exitCode = 0;
  process.stdout.write = write;
  writeFileSync(join(folder, 'program.bytecode'), script.createCachedData());
}

run();
