import { defineConfig } from 'vitest/config';

/** Only for the script that records: what is here is no test of kproxy. */
export default defineConfig({
  test: {
    include: ['test/kernel/packets/record/kube-proxy.ts'],
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
  },
});
