import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KproxyError } from '../../src/errors.js';
import { applyPlan } from '../../src/node/apply.js';
import { readNode } from '../../src/node/read.js';
import { type ThisNode, thisNode } from '../../src/run/this-node.js';

const path = process.env.PATH;
let folder = '';
let node: ThisNode;
let throughSudo: ThisNode;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
  process.env.PATH = `${folder}:${path}`;
  node = thisNode({ sudo: false, timeoutMilliseconds: 200 });
  throughSudo = thisNode({ sudo: true, timeoutMilliseconds: 200 });
});
afterEach(async () => {
  await node.end();
  await throughSudo.end();
  process.env.PATH = path;
  rmSync(folder, { recursive: true });
});

function program(name: string, ...lines: readonly string[]): void {
  writeFileSync(join(folder, name), ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(join(folder, name), 0o755);
}

/** The shell waits for a process that keeps the output open: killing the shell alone would end nothing. */
const hangingTool = (name: string) =>
  program(name, 'sleep 60 &', `echo $$ $! >'${folder}/processes'`, 'wait', 'exit 1');

const entry = { kind: 'entry', set: 'KUBE-CLUSTER-IP', value: '10.0.0.1,tcp:80' } as const;
const plan = [{ verb: 'add', after: entry, reasons: [] }] as const;
/** States of the tool and what it has started: Z is a process that has ended. */
const states = (): string => {
  const processes = readFileSync(join(folder, 'processes'), 'utf8').trim();
  return spawnSync('ps', ['-o', 'stat=', '-p', processes.replace(' ', ',')], { encoding: 'utf8' }).stdout.replace(
    /Z\S*\s*/g,
    '',
  );
};

test('a tool that hangs while the node is changed ends the run with 5', async () => {
  hangingTool('ipset');
  await expect(applyPlan(node, plan)).rejects.toMatchObject({
    exitCode: 5,
    message: '`ipset -exist restore` failed; 0 commands of 1 had been run',
    detail: expect.stringContaining('`ipset -exist restore` did not end within 0.2 s and was killed'),
  });
  expect(states()).toBe('');
});

test('a tool that hangs while the node is read ends the run with 4', async () => {
  hangingTool('ipset');
  await expect(readNode(node)).rejects.toMatchObject({
    exitCode: 4,
    message: '`ipset save` did not end within 0.2 s and was killed',
  });
});

describe('through sudo', () => {
  beforeEach(() => hangingTool('ipset'));

  test('it is killed through sudo too, with what it has started', async () => {
    program('sudo', `if [ "$1" = -n ]; then echo "called $*" >'${folder}/asked'; shift; fi`, '"$@"');
    await expect(applyPlan(throughSudo, plan)).rejects.toMatchObject({
      exitCode: 5,
      detail: expect.stringContaining('did not end within 0.2 s and was killed'),
    });
    // sudo, the tool and its sleep.
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toMatch(/^called -n kill -KILL \d+ \d+ \d+\n$/);
    expect(states()).toBe('');
  });

  test('where sudo may not kill it, the run ends nevertheless, and names the processes', async () => {
    program('sudo', 'if [ "$1" = -n ]; then exit 1; fi', '"$@"');
    const error = await applyPlan(throughSudo, plan).catch((thrown: KproxyError) => thrown);
    const [, left = ''] =
      /did not end within 0\.2 s and cannot be killed: process ((?:\d+(?:, )?)+)/.exec(
        (error as KproxyError).detail ?? '',
      ) ?? [];
    const processes = left.split(', ').map(Number);
    expect(processes).toHaveLength(3);
    for (const pid of processes) process.kill(pid, 'SIGKILL');
  });
});
