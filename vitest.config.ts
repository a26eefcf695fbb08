import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

/** Tests of the built program, most of which boot a kernel of their own. */
const kernelTests = ['test/kernel/**/*.test.ts', 'test/readme/**/*.test.ts', 'test/dist/**/*.test.ts'];

export default defineConfig({
  test: {
    // A guest wants a processor to itself.
    maxWorkers: Math.max(1, availableParallelism()),
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
          // The first test of a file waits for its guest to boot.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
