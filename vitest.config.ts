import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

/** Tests of the built program, most of which boot a kernel, and those that start a browser. */
const kernelTests = ['kernel', 'readme', 'dist', 'browser'].map(folder => `test/${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    // Each guest needs a processor of its own.
    maxWorkers: Math.max(1, availableParallelism()),
    // Of the tests in one file that may run at the same time.
    maxConcurrency: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...kernelTests],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'kernel',
          include: kernelTests,
          // The first test of a file waits until its guest has booted.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
