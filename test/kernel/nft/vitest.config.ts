import { defineConfig } from 'vitest/config';

/** Tests of the kernel that a virtual machine runs as well as User-Mode Linux does, and those that need both of iptables' back ends. */
export default defineConfig({
  test: {
    include: [
      'test/kernel/nft/backends.ts',
      'test/kernel/parity.test.ts',
      'test/kernel/hard-names.test.ts',
      'test/kernel/packets/chapter.test.ts',
      'test/kernel/packets/services.test.ts',
      'test/kernel/trust/remade-sets.test.ts',
      'test/kernel/trust/two-nodes.test.ts',
    ],
    // A guest has two processors, which are emulated.
    maxWorkers: 1,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
