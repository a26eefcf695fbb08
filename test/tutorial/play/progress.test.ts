import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatProgress, parseProgress } from '../../../src/tutorial/play/progress/progress.js';
import { loadProgress, progressPath, saveProgress } from '../../../src/tutorial/play/progress/progress-file.js';

const known = new Set(['one', 'two']);
const progress = { step: 'two', done: ['one'], isFinished: false };

describe('the text of a progress', () => {
  test('is read as it was written', () => {
    expect(parseProgress(formatProgress(progress), known)).toEqual(progress);
  });

  test('may name steps as done that the lesson has no more', () => {
    expect(parseProgress(formatProgress({ ...progress, done: ['gone', 'one'] }), known)).toEqual(progress);
  });

  test.each([
    [[], 'one'],
    [['one'], 'two'],
    [['one', 'two'], 'one'],
  ])('of a step that is gone, with %j done, goes on at %s', (done, step) => {
    const text = formatProgress({ step: 'gone', done, isFinished: false });
    expect(parseProgress(text, known)).toEqual({ step, done, isFinished: false });
  });

  test.each([
    ['', 'is empty'],
    ['{"version":1', 'is cut off'],
    ['null', 'is no object'],
    ['[]', 'is a list'],
    ['{"version":2,"step":"two","done":[],"isFinished":false}', 'is of another version'],
    ['{"version":1,"step":"two","done":[1],"isFinished":false}', 'has a number as a step'],
    ['{"version":1,"step":"two","done":[]}', 'lacks a field'],
  ])('%s %s', text => {
    expect(parseProgress(text, known)).toBeUndefined();
  });
});

describe('the path of the file', () => {
  test.each([
    [{}, '/home/me/.local/state/kproxy/tutorial.json'],
    [{ XDG_STATE_HOME: '' }, '/home/me/.local/state/kproxy/tutorial.json'],
    [{ XDG_STATE_HOME: 'relative' }, '/home/me/.local/state/kproxy/tutorial.json'],
    [{ XDG_STATE_HOME: '/state' }, '/state/kproxy/tutorial.json'],
  ])('with %j', (environment, path) => {
    expect(progressPath(environment, '/home/me')).toBe(path);
  });

  test('without a home is absolute', () => {
    expect(progressPath({}, '')).toBe('/.local/state/kproxy/tutorial.json');
  });
});

describe('the file', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
    path = join(folder, 'state', 'kproxy', 'tutorial.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is written for its owner only, and read again', () => {
    expect(loadProgress(path, known)).toEqual({ kind: 'none' });
    expect(saveProgress(path, progress)).toBeUndefined();
    expect(loadProgress(path, known)).toEqual({ kind: 'loaded', progress });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(path))).toEqual(['tutorial.json']);
  });

  test('that is something else is damaged', () => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'hello');
    expect(loadProgress(path, known)).toEqual({ kind: 'damaged' });
  });

  test('cannot be read or replaced if it is a folder, and nothing is left beside it', () => {
    mkdirSync(path, { recursive: true });
    expect(loadProgress(path, known)).toMatchObject({ kind: 'unreadable', reason: expect.stringContaining('EISDIR') });
    expect(saveProgress(path, progress)).toContain('EISDIR');
    expect(readdirSync(dirname(path))).toEqual(['tutorial.json']);
  });

  test('cannot be written below a file, or where the system allows no folder', () => {
    writeFileSync(join(folder, 'state'), '');
    expect(saveProgress(path, progress)).toContain('ENOTDIR');
    expect(saveProgress('/proc/kproxy/tutorial.json', progress)).toContain('ENOENT');
  });

  test.skipIf(process.getuid?.() === 0)('cannot be written where only reading is allowed', () => {
    chmodSync(folder, 0o500);
    expect(saveProgress(path, progress)).toContain('EACCES');
  });
});
