import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.js';

/** Tests of the built program, most of which boot a kernel, and those that start a browser. */
const kernelTests = ['kernel', 'readme', 'dist', 'browser'].map(folder => `test/${folder}/**/*.test.ts`);

/** Runs for minutes, and only if it is asked for. */
const longRuns = process.env.KPROXY_SOAK_MINUTES === undefined ? ['test/kernel/trust/soak.test.ts'] : [];

export default defineConfig({
  test: {
    // A guest uses a processor of its own, but not all the time: some tests wait for packets that never come.
    maxWorkers: availableParallelism() + 1,
    // Of the tests in one file that may run at the same time.
    maxConcurrency: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...kernelTests],
          // A process for each of 180 files would take as long as their tests. Each file undoes what it changes.
          isolate: false,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'kernel',
          include: kernelTests,
          exclude: [...configDefaults.exclude, ...longRuns],
          // The first test of a file waits until its guest has booted.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
