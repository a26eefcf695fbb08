import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applyPlan } from '../../src/node/apply.js';
import { readNode } from '../../src/node/read.js';
import { thisNode } from '../../src/shell/run.js';

const path = process.env.PATH;
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
  process.env.PATH = `${folder}:${path}`;
});
afterEach(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true });
});

function hangingTool(name: string): void {
  writeFileSync(join(folder, name), '#!/bin/sh\nexec sleep 60\n');
  chmodSync(join(folder, name), 0o755);
}

const node = thisNode({ sudo: false, timeoutMilliseconds: 200 });
const entry = { kind: 'entry', set: 'KUBE-CLUSTER-IP', value: '10.0.0.1,tcp:80' } as const;

test('a tool that hangs while the node is changed ends the run with 5', async () => {
  hangingTool('ipset');
  const applying = applyPlan(node, [{ verb: 'add', after: entry, reasons: [] }]);
  await expect(applying).rejects.toMatchObject({
    exitCode: 5,
    message: '`ipset -exist restore` failed; 0 commands of 1 had been run',
    detail: expect.stringContaining('`ipset -exist restore` did not end within 0.2 s and was killed'),
  });
});

test('a tool that hangs while the node is read ends the run with 4', async () => {
  hangingTool('ipset');
  await expect(readNode(node)).rejects.toMatchObject({
    exitCode: 4,
    message: '`ipset save` did not end within 0.2 s and was killed',
  });
});
