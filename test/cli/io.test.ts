import { afterEach, expect, test, vi } from 'vitest';
import { paintedIo, processIo } from '../../src/cli/io.js';
import { hostileIn, hostileText } from '../support/hostile-characters.js';

afterEach(() => void vi.restoreAllMocks());

test('nothing hostile reaches the streams of the process', () => {
  const written: string[] = [];
  const keep = (text: unknown): boolean => written.push(String(text)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
  for (const io of [processIo, paintedIo(false)]) {
    io.stdout(hostileText.replace('\t', ''));
    io.stderr(hostileText);
  }
  vi.restoreAllMocks();
  expect(written).toHaveLength(4);
  for (const text of written) expect(hostileIn(text)).toEqual([]);
});
