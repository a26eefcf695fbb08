import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkShareFolder, createShareFolder, shareFolder } from '../../../src/tutorial/share/share-folder.js';

const userId = process.getuid?.() ?? 0;
let temporaryFolder: string;
let runtime: string;
beforeEach(() => {
  temporaryFolder = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
  runtime = join(temporaryFolder, 'runtime');
  mkdirSync(runtime, { mode: 0o700 });
});
afterEach(() => rmSync(temporaryFolder, { recursive: true }));

describe('the folder is', () => {
  const find = (XDG_RUNTIME_DIR?: string, user = userId) =>
    shareFolder({ environment: { XDG_RUNTIME_DIR }, temporaryFolder, userId: user });

  test('below XDG_RUNTIME_DIR', () => {
    expect(find(runtime)).toBe(join(runtime, 'kproxy'));
  });

  test('below the folder for temporary files without one of this user', () => {
    const own = join(temporaryFolder, `kproxy-${userId}`);
    expect([find(), find(''), find('runtime'), find(join(runtime, 'missing'))]).toEqual([own, own, own, own]);
    expect(find(runtime, 12_345)).toBe(join(temporaryFolder, 'kproxy-12345'));
  });

  test('below the folder for temporary files if the other path is too long for a socket', () => {
    const long = join(runtime, 'x'.repeat(80));
    mkdirSync(long);
    expect(find(long)).toBe(join(temporaryFolder, `kproxy-${userId}`));
  });
});

describe('a folder', () => {
  test('is created for this user alone, and used again', async () => {
    const folder = join(temporaryFolder, 'own');
    await createShareFolder(folder, userId);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    await createShareFolder(folder, userId);
  });

  test('of someone else is refused', async () => {
    await expect(checkShareFolder(runtime, 12_345)).rejects.toMatchObject({
      code: 'lesson-unavailable',
      message: `the folder ${runtime} cannot be used to share shells`,
      evidence: `It belongs to the user ${userId}.`,
    });
  });

  test('that others may use is refused', async () => {
    chmodSync(runtime, 0o750);
    await expect(createShareFolder(runtime, userId)).rejects.toMatchObject({
      evidence: 'Other users may use it: its mode is 0750.',
    });
  });

  test('that is a link or a file is refused', async () => {
    const link = join(temporaryFolder, 'link');
    symlinkSync(runtime, link);
    await expect(createShareFolder(link, userId)).rejects.toMatchObject({ evidence: 'It is not a folder.' });
    const file = join(temporaryFolder, 'file');
    writeFileSync(file, '');
    await expect(createShareFolder(file, userId)).rejects.toMatchObject({ evidence: 'It is not a folder.' });
  });

  test('that cannot be created, or whose path is too long, is refused', async () => {
    await expect(createShareFolder(join(runtime, 'missing', 'own'), userId)).rejects.toMatchObject({
      evidence: expect.stringContaining('ENOENT'),
    });
    await expect(createShareFolder(join(runtime, 'x'.repeat(90)), userId)).rejects.toMatchObject({
      evidence: 'The path of a socket has at most 107 bytes.',
    });
  });
});
