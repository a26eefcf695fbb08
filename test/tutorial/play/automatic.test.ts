import { describe, expect, test } from 'vitest';
import { countLines } from '../../../src/tutorial/play/count-lines.js';
import { automaticLearner } from '../../../src/tutorial/play/learner/automatic.js';

const prompt = { text: '$ ', isContinued: false };

/** Returns the milliseconds that a learner leaves for what is printed. */
async function pauseFor(lines: number, millisecondsForTenLines: number): Promise<number> {
  const count = countLines(() => {});
  const learner = automaticLearner({ linesPrinted: count.lines, millisecondsForTenLines });
  try {
    count.write('before\n');
    await learner.ask(prompt);
    count.write('line\n'.repeat(lines));
    const start = performance.now();
    expect(await learner.ask(prompt)).toEqual({ kind: 'line', text: '' });
    return performance.now() - start;
  } finally {
    learner.close();
  }
}

describe('a learner that is nobody', () => {
  test('presses Enter at once without a pace', async () => {
    expect(await pauseFor(1000, 0)).toBeLessThan(50);
  });

  test('leaves the time for the lines that were printed since', async () => {
    const milliseconds = await pauseFor(20, 100);
    expect(milliseconds).toBeGreaterThan(190);
    expect(milliseconds).toBeLessThan(1500);
  });

  test('is interrupted by SIGINT while it waits, and from then on', async () => {
    const count = countLines(() => {});
    const learner = automaticLearner({ linesPrinted: count.lines, millisecondsForTenLines: 60_000 });
    try {
      count.write('line\n'.repeat(100));
      const asked = learner.ask(prompt);
      process.emit('SIGINT');
      const interrupted = { kind: 'interrupted', isSomethingDropped: false };
      expect([await asked, await learner.ask(prompt)]).toEqual([interrupted, interrupted]);
      await learner.whileBusy(async signal => expect(signal.aborted).toBe(true));
    } finally {
      learner.close();
    }
  });
});
