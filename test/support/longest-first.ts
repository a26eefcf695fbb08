import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take longest, each more than half a minute on two processors. Without durations from an earlier run,
 * as in a fresh clone, Vitest starts files by their size. The longest ones are small, and each would run alone at the
 * end.
 */
export const longestFiles: readonly string[] = [
  'test/kernel/reports.test.ts',
  'test/kernel/tutorial/lesson.test.ts',
  'test/kernel/parity.test.ts',
  'test/kernel/real-cluster.test.ts',
  'test/kernel/trust/broken-tools.test.ts',
  'test/kernel/trust/churn.test.ts',
  'test/kernel/trust/crash.test.ts',
  'test/kernel/trust/takeover-cases.test.ts',
  'test/kernel/hard-names.test.ts',
  'test/kernel/trust/cleanup.test.ts',
  'test/kernel/packets/tutorial.test.ts',
  'test/kernel/trust/damage.test.ts',
  'test/kernel/trust/recreated-sets.test.ts',
];

/** Starts the longest files first, and all others in Vitest's own order. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config;
    const ranks = new Map(longestFiles.map((file, index) => [`${root}/${file}`, index]));
    const rank = ({ moduleId }: TestSpecification): number => ranks.get(moduleId) ?? longestFiles.length;
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}
