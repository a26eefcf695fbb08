import { execFileSync } from 'node:child_process';

export interface StartUp {
  readonly name: string;
  /** Milliseconds. */
  readonly median: number;
  /** Median by the first one's median. */
  readonly ratio: number;
}

const commands = [
  { name: 'node -e 0', argv: ['-e', '0'] },
  { name: 'kproxy --version', argv: ['dist/kproxy.js', '--version'] },
  { name: 'kproxy sync --help', argv: ['dist/kproxy.js', 'sync', '--help'] },
  { name: 'kproxy endpoints --help', argv: ['dist/kproxy.js', 'endpoints', '--help'] },
] as const;

/** How long commands take that do nothing but start. They run in turn, so that what else goes on in the machine is shared by all. */
export function measureStartUp(rounds: number): readonly StartUp[] {
  const times = commands.map((): number[] => []);
  // The first round fills the caches and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, { argv }] of commands.entries()) {
      const time = milliseconds(argv);
      if (round > 0) times[index]?.push(time);
    }
  }
  const medians = times.map(median);
  return commands.map(({ name }, index) => ({
    name,
    median: medians[index] ?? Number.NaN,
    ratio: (medians[index] ?? Number.NaN) / (medians[0] ?? Number.NaN),
  }));
}

function milliseconds(argv: readonly string[]): number {
  const start = performance.now();
  execFileSync(process.execPath, argv, { stdio: 'ignore' });
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
