import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { otherProxies } from '../../src/node/other-proxies.js';

let folder: string;
const started: ChildProcess[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  for (const child of started.splice(0)) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

const sleep = execFileSync('sh', ['-c', 'command -v sleep'], { encoding: 'utf8' }).trim();

/** Starts a process of this name that only sleeps, and waits until it has its name. */
async function start(name: string, prefix: readonly string[] = []): Promise<ChildProcess> {
  const path = join(folder, name);
  copyFileSync(sleep, path);
  const [program = '', ...rest] = [...prefix, path, '60'];
  const child = spawn(program, rest, { stdio: 'ignore' });
  started.push(child);
  await vi.waitUntil(() => readFileSync(`/proc/${child.pid}/comm`, 'utf8').trim() === name, {
    interval: 5,
    timeout: 20_000,
  });
  return child;
}

/** Returns the lines about processes that a test has started, because others may run on this machine. */
const linesAbout = (...children: readonly ChildProcess[]): readonly string[] =>
  otherProxies().filter(line => children.some(({ pid }) => line.includes(`(process ${pid})`)));

test.each([
  ['kube-proxy', 'Stop it: what it has programmed stays, and kproxy takes it over.'],
  ['kube-router', 'with --run-service-proxy it programs the same Services.'],
  ['keepalived', 'its virtual servers stay as they are, as long as their addresses are not on kube-ipvs0.'],
  ['ldirectord', 'its virtual servers stay as they are, as long as their addresses are not on kube-ipvs0.'],
])('%s is reported, with its process and the consequence', async (name, consequence) => {
  const child = await start(name);
  const [line, ...others] = linesAbout(child);
  expect(others).toEqual([]);
  expect(line?.startsWith(`${name} runs on this node too (process ${child.pid}): `)).toBe(true);
  expect(line).toContain(consequence);
});

test('other programs are not reported, whatever their arguments are', async () => {
  expect(linesAbout(await start('kube-proxied'))).toEqual([]);
});

test('a program in another network namespace is not reported, because it works on another table', async () => {
  const namespaces = process.getuid?.() === 0 ? ['-n'] : ['-n', '--map-root-user'];
  expect(linesAbout(await start('kube-proxy', ['unshare', ...namespaces, '--']))).toEqual([]);
});
