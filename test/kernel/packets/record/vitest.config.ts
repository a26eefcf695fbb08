import { defineConfig } from 'vitest/config';

/** The configuration of the script that records packets. These are no tests of kproxy. */
export default defineConfig({
  test: {
    include: ['test/kernel/packets/record/kube-proxy.ts'],
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
  },
});
