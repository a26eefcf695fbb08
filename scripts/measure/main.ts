// Measures what kproxy costs. Started by scripts/measure.sh; with --tests it times the demo and the whole test command too.
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { measureSync } from './processes.js';
import { measureStartUp } from './start-up.js';

const print = (text: string) => void process.stdout.write(`${text}\n`);
const row = (...cells: readonly string[]) =>
  print(cells.map((cell, index) => (index === 0 ? cell.padEnd(34) : cell.padStart(12))).join(''));

function startUp(): void {
  const rounds = 21;
  row(`start (median of ${rounds})`, 'ms', 'ratio');
  for (const { name, median, ratio } of measureStartUp(rounds)) row(name, median.toFixed(1), ratio.toFixed(2));
}

async function syncs(): Promise<void> {
  row("sync of the chapter's cluster", 'processes', 's, sandbox');
  for (const { name, programs, seconds } of await measureSync(process.cwd())) {
    row(name, String(programs.length), seconds.toFixed(1));
    print(`  ${programs.join(' ')}`);
  }
}

function commands(): void {
  row('command', 's', 'exit code');
  for (const script of ['scripts/demo.sh', 'scripts/test.sh']) {
    const start = performance.now();
    const { status, stdout } = spawnSync(script, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    row(script, ((performance.now() - start) / 1_000).toFixed(1), String(status));
    print(`  ${stdout.trimEnd().split('\n').at(-1)}`);
  }
}

print(`${cpus().length} processors (${cpus()[0]?.model}), Node ${process.versions.node}\n`);
startUp();
print('');
await syncs();
if (process.argv.includes('--tests')) {
  print('');
  commands();
}
