import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { readFreeSpace } from '../../src/run/folder-space.js';
import { readKubeProxyMode } from '../../src/run/kube-proxy-mode.js';
import { readSudoState } from '../../src/run/sudo-state.js';
import { useToolPath } from '../../src/run/tool-path.js';

describe("kube-proxy's mode", () => {
  async function modeFrom(answer: RequestListener): Promise<string | undefined> {
    const server = createServer(answer).listen(0, '127.0.0.1');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    await new Promise(resolve => server.once('listening', resolve));
    return readKubeProxyMode(`http://127.0.0.1:${(server.address() as AddressInfo).port}/proxyMode`);
  }

  test('is what it answers', async () => {
    expect(await modeFrom((_, response) => void response.end('ipvs'))).toBe('ipvs');
  });

  test.each<readonly [string, RequestListener]>([
    ['something else', (_, response) => void response.end('<html>\u001b[2J')],
    ['an answer without an end', (_, response) => void response.write('ipvs'.repeat(100))],
    ['a beginning and nothing more', (_, response) => void response.write('unknown')],
    ['nothing', () => {}],
    ['a closed connection', request => void request.destroy()],
  ])('is not known from %s', async (_, answer) => {
    expect(await modeFrom(answer)).toBeUndefined();
  });

  test('is not known if nothing listens', async () => {
    expect(await readKubeProxyMode('http://127.0.0.1:1/proxyMode')).toBeUndefined();
  });
});

describe('sudo', () => {
  afterEach(() => useToolPath([]));

  test.each([
    ['ready', 'exit 0'],
    ['ready', 'echo "sudo: ip: command not found" >&2; exit 1'],
    ['asks', 'echo "sudo: a password is required" >&2; exit 1'],
    ['refused', 'echo "sudo: nobody is not in the sudoers file" >&2; exit 1'],
  ])('is %s if it does this: %s', async (state, script) => {
    const folder = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'sudo');
    // It must not ask, and must run nothing that changes anything.
    writeFileSync(path, `#!/bin/sh\n[ "$*" = '-n ip -V' ] || exit 9\n${script}\n`);
    chmodSync(path, 0o755);
    useToolPath([folder]);
    expect(await readSudoState()).toBe(state);
  });

  test('is missing in folders without it', async () => {
    useToolPath([], ['/nonexistent']);
    expect(await readSudoState()).toBe('missing');
  });
});

describe('free space', () => {
  test('is that of the file system', () => {
    expect(readFreeSpace(tmpdir())).toMatchObject({ isWritable: true, freeBytes: expect.any(Number) });
  });

  test('is not known of a folder that does not exist', () => {
    expect(() => readFreeSpace('/nonexistent')).toThrow('ENOENT');
  });
});
