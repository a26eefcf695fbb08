interface Tuning {
  /** The beginning of V8's version. */
  readonly v8: string;
  readonly flags: readonly string[];
  /** The flags that undo them. */
  readonly defaults: readonly string[];
}

/**
 * Flags for a program that ends within seconds, or that must stay small, for the versions of V8 on which they have been
 * measured.
 *
 * `--semi-space-growth-factor=1` keeps the heap for new objects at one megabyte instead of letting it grow to 16 or
 * more. The kernel then maps fewer pages: a quarter less memory, and 5 to 9 % less time on one processor for a `diff`
 * of 1,000 Services on Node 22, 24 and 26.
 *
 * The other flags delay the optimizing compilers. A short program ends before optimized code pays, and the compilers
 * take its time and its memory. In the sandbox, the first sync of 1,000 Services takes a tenth less on Node 22, 24 and
 * 26: `--invocation-count-for-turbofan` delays the last compiler, which `--watch` reaches in time, and `--no-maglev`
 * leaves out the one before it, which Node 22 does not use.
 *
 * On Node 20, `--interrupt-budget` does the same, and all flags together buy a quarter of the memory, and a sixth of
 * the time of a sync of 1,000 Services with nothing to do (on one processor). A sync of 10,000 Services takes as long
 * as without them. `--no-parallel-scavenge` and `--no-concurrent-sweeping` collect garbage on the main thread: one
 * megabyte is collected before other threads wake up, and a sync of 1,000 Services wakes threads 300 times instead of
 * 1,000 times. On later versions that gains less than a hundredth.
 *
 * `--single-threaded-gc` is none of them: set while V8 marks objects on another thread, it ends the process.
 */
export const tunings: readonly Tuning[] = [
  {
    v8: '11.3.',
    flags: [
      '--semi-space-growth-factor=1',
      '--no-parallel-scavenge',
      '--no-concurrent-sweeping',
      '--interrupt-budget=4000000',
    ],
    defaults: [
      '--semi-space-growth-factor=2',
      '--parallel-scavenge',
      '--concurrent-sweeping',
      '--interrupt-budget=67584',
    ],
  },
  {
    v8: '12.4.',
    flags: ['--semi-space-growth-factor=1', '--invocation-count-for-turbofan=100000'],
    defaults: ['--semi-space-growth-factor=2', '--invocation-count-for-turbofan=3000'],
  },
  // With maglev the default is not the 3000 that --v8-options shows, but this.
  ...Object.entries({ '13.6.': 10_000, '14.6.': 16_000 }).map(([v8, count]) => ({
    v8,
    flags: ['--semi-space-growth-factor=1', '--no-maglev', '--invocation-count-for-turbofan=100000'],
    defaults: ['--semi-space-growth-factor=2', '--maglev', `--invocation-count-for-turbofan=${count}`],
  })),
];

const tuning = tunings.find(({ v8 }) => process.versions.v8.startsWith(v8));

/**
 * Sets the flags, if there are any for this V8.
 * V8 rejects bytecode that was recorded with other flags, so it must be called between the same parts of the program
 * when they are loaded and when their bytecode is written. Node's module is loaded here, which takes 1.5 ms: help needs
 * neither.
 */
export const tuneV8 = (): void => setFlags(tuning?.flags);

/** Sets V8's own defaults again. */
export const untuneV8 = (): void => setFlags(tuning?.defaults);

function setFlags(flags: readonly string[] = []): void {
  if (flags.length === 0) return;
  const v8: typeof import('node:v8') = require('node:v8');
  v8.setFlagsFromString(flags.join(' '));
}
