import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { applyPlan } from '../../src/node/apply.js';
import { readNode } from '../../src/node/read.js';
import { createThisNode, type ThisNode } from '../../src/run/this-node.js';
import { usePrograms } from './support/programs.js';

const programs = usePrograms();

/** Killing the script alone would not be enough: it waits for a process that keeps its output open. */
const hangingTool = (name: string) =>
  programs.write(name, 'sleep 60 &', `echo $$ $! >'${programs.folder}/processes'`, 'wait', 'exit 1');

const entry = { kind: 'entry', set: 'KUBE-CLUSTER-IP', value: '10.0.0.1,tcp:80' } as const;
const plan = [{ verb: 'add', after: entry, reasons: [] }] as const;

/** Returns the states of the hanging tool and of what it has started, without Z, which is a process that has ended. */
function states(): string {
  const processes = readFileSync(join(programs.folder, 'processes'), 'utf8').trim();
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', processes.replace(' ', ',')], { encoding: 'utf8' });
  return stdout.replace(/Z\S*\s*/g, '');
}

describe.each(['direct', 'shell', 'shell-first'] as const)('a tool that hangs, with the %s runner', runner => {
  let node: ThisNode;
  let throughSudo: ThisNode;
  beforeEach(() => {
    hangingTool('ipset');
    node = createThisNode({ runner, sudo: false, timeoutMilliseconds: 300 });
    throughSudo = createThisNode({ runner, sudo: true, timeoutMilliseconds: 300 });
  });
  afterEach(async () => {
    await node.end();
    await throughSudo.end();
  });

  test('is killed with what it has started while the node is changed, which fails', async () => {
    await expect(applyPlan(node, plan)).rejects.toMatchObject({
      code: 'apply-failed',
      message: '`ipset -exist restore` failed; 0 commands of 1 had been run',
      evidence: expect.stringContaining('`ipset -exist restore` did not end within 0.3 s and was killed'),
    });
    expect(states()).toBe('');
  });

  test('is killed while the node is read, which fails', async () => {
    programs.write('ip', 'echo "[]"');
    for (const tool of ['iptables-save', 'ip6tables-save']) programs.write(tool, 'exit');
    await expect(readNode(node)).rejects.toMatchObject({
      code: 'tool-hangs',
      // On a busy machine, another one may be late too.
      message: expect.stringMatching(/^`[a-z0-9-]+( save)?` did not end within 0\.3 s and was killed$/),
      advice: expect.stringMatching(
        /^Find out what blocks it\. Then run kproxy again: it continues where it stopped\.$/,
      ),
    });
    expect(states()).toBe('');
  });

  test('does not disturb the next one', async () => {
    await expect(node.run({ argv: ['ipset', 'save'] })).rejects.toMatchObject({ code: 'tool-hangs' });
    expect(await node.run({ argv: ['cat'], input: 'next' })).toMatchObject({ stdout: 'next', exitCode: 0 });
  });

  test('is killed through sudo, with what it has started', async () => {
    const { folder } = programs;
    programs.write('sudo', `if [ "$1" = -n ]; then echo "called $*" >'${folder}/asked'; shift; fi`, '"$@"');
    await expect(applyPlan(throughSudo, plan)).rejects.toMatchObject({
      code: 'apply-failed',
      evidence: expect.stringContaining('did not end within 0.3 s and was killed'),
    });
    // sudo, the tool and its sleep.
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toMatch(/^called -n kill -KILL \d+ \d+ \d+\n$/);
    expect(states()).toBe('');
  });

  test.each([
    ['may not kill it', 'exit 1'],
    ['hangs itself', 'exec sleep 60'],
  ])('is named, with what it has started, if sudo %s; the next tool can run', async (_, line) => {
    programs.write('sudo', `if [ "$1" = -n ]; then echo $$ >'${programs.folder}/killer'; ${line}; fi`, '"$@"');
    const error = await throughSudo.run({ argv: ['ipset', 'save'] }).catch(thrown => thrown);
    expect(error).toMatchObject({
      code: 'tool-hangs',
      message: expect.stringMatching(
        /^`ipset save` did not end within 0\.3 s and cannot be killed: process \d+, \d+, \d+$/,
      ),
      advice: expect.stringMatching(/It waits for the processes that are still running\.$/),
    });
    expect(await throughSudo.run({ argv: ['echo', 'next'] })).toMatchObject({ stdout: 'next\n' });
    const [, list = ''] = /process (.*)$/.exec(error.message) ?? [];
    const killer = readFileSync(join(programs.folder, 'killer'), 'utf8').trim();
    for (const pid of [...list.split(', '), killer].filter(one => existsSync(`/proc/${one}`)))
      process.kill(Number(pid), 'SIGKILL');
  });
});
