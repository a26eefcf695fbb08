import { closeSync, fstatSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isJournalStream } from '../../src/output/journal.js';

let folder: string;
let file: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
  file = openSync(join(folder, 'stream'), 'w');
});
afterEach(() => {
  closeSync(file);
  rmSync(folder, { recursive: true });
});

const nameOf = (descriptor: number): string => {
  const { dev, ino } = fstatSync(descriptor);
  return `${dev}:${ino}`;
};

test('a stream is the journal if JOURNAL_STREAM has its device and inode', () => {
  expect(isJournalStream(nameOf(file), file)).toBe(true);
});

test.each([['0:0'], [''], ['no numbers'], [undefined]])('a stream is not the journal if JOURNAL_STREAM is %j', name => {
  expect(isJournalStream(name, file)).toBe(false);
});

test('a stream that was redirected is not the journal', () => {
  const other = openSync(join(folder, 'other'), 'w');
  expect(isJournalStream(nameOf(file), other)).toBe(false);
  closeSync(other);
});

test('a stream that is closed is not the journal', () => {
  expect(isJournalStream(nameOf(file), 1_000_000)).toBe(false);
});
