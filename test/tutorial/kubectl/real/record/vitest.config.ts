import { defineConfig } from 'vitest/config';

// Records the answers of a real kubectl and API server:
//   npx vitest run --config test/tutorial/kubectl/real/record/vitest.config.ts
export default defineConfig({
  test: { include: ['test/tutorial/kubectl/real/record/record.ts'], testTimeout: 300_000, hookTimeout: 1_800_000 },
});
