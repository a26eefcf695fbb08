import { configDefaults, defineConfig } from 'vitest/config';

/** Tests that boot a kernel of their own. */
const kernelTests = ['test/kernel/**/*.test.ts', 'test/readme/**/*.test.ts'];

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: [...configDefaults.exclude, ...kernelTests] } },
      {
        test: {
          name: 'kernel',
          include: kernelTests,
          // A guest wants a processor to itself, and its first test waits for it to boot.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
