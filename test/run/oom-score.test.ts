import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { setOomScore } from '../../src/run/oom-score.js';

test('the score is written, and a failure is a line that names it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
  const file = join(folder, 'oom_score_adj');
  writeFileSync(file, '0');
  expect(setOomScore(-999, file)).toBeUndefined();
  expect(readFileSync(file, 'utf8')).toBe('-999');
  expect(setOomScore(-999, join(folder, 'none', 'file'))).toMatch(/^oomScoreAdj -999 is not applied: ENOENT/);
  rmSync(folder, { recursive: true });
});
