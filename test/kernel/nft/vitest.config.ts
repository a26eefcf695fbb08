import { defineConfig } from 'vitest/config';

/**
 * Kernel tests that a virtual machine can run instead of User-Mode Linux, and those that need both iptables backends.
 */
export default defineConfig({
  test: {
    include: [
      'test/kernel/nft/backends.ts',
      'test/kernel/nft/reports.ts',
      'test/kernel/parity.test.ts',
      'test/kernel/hard-names.test.ts',
      'test/kernel/packets/tutorial.test.ts',
      'test/kernel/packets/services.test.ts',
      'test/kernel/trust/recreated-sets.test.ts',
      'test/kernel/trust/two-nodes.test.ts',
    ],
    // A guest has two processors, which are emulated.
    maxWorkers: 1,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
