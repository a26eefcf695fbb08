import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { output, useSandbox } from './support/guest.js';
import { kproxy } from './support/kproxy.js';
import { ipvsLines, programmedState, setEntries } from './support/node-state.js';

const parity = fileURLToPath(new URL('../parity/', import.meta.url));
const cases = readdirSync(`${parity}cases`).map(file => file.replace('.json', ''));
const options = ['--node', 'node-a', '--cluster-cidr', '10.244.0.0/16,fd00:244::/32'];

/** The node under test as it was when the reference was recorded, in a network namespace of its own. */
async function newNode(sandbox: Sandbox, name: string): Promise<void> {
  await output(sandbox, ['ip', '-batch', '-'], { input: `netns add ${name}\n` });
  const commands = [
    'link set lo up',
    'link add eth0 type dummy',
    'link set eth0 up',
    'addr add 10.10.0.11/24 dev eth0',
    'addr add fd00:10:10::11/64 dev eth0 nodad',
  ];
  await output(sandbox, ['ip', '-batch', '-'], { input: `${commands.join('\n')}\n`, namespace: name });
}

const reference = (name: string, file: string): string => readFileSync(`${parity}reference/${name}/${file}`, 'utf8');
const linesOf = (text: string): readonly string[] => text.split('\n').filter(line => line !== '');

/** The kernel's reuse mode differs from release to release, and kproxy leaves it alone on all but the old ones. */
const referenceSysctls = (name: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    linesOf(reference(name, 'sysctl'))
      .map(line => line.split(' = ') as [string, string])
      .filter(([key]) => !key.includes('bridge') && !key.includes('route_localnet'))
      .map(([key, value]) => [key.replaceAll('.', '/'), value]),
  );

const ways = ['sync', 'steps', 'batch'] as const;

describe('on a real kernel, sync, the steps script and the batch script leave the reference state', () => {
  const sandbox = useSandbox({}, async guest => void (await output(guest, ['modprobe', 'ipv6'])));

  async function sync(node: string, from: string): Promise<string> {
    const { stdout, stderr, exitCode } = await kproxy(sandbox(), node, ['sync', '--from', from, ...options]);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    return stdout;
  }

  async function script(node: string, form: string, from: string): Promise<void> {
    const argv = ['sync', '--dry-run', '--script', form, '--from', from, ...options];
    const { stdout, stderr, exitCode } = await kproxy(sandbox(), node, argv);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    for (const time of ['first', 'second']) {
      const run = await sandbox().run(['sh', '-eu'], { namespace: node, input: stdout });
      expect({ time, exitCode: run.exitCode, stderr: run.stderr }).toEqual({ time, exitCode: 0, stderr: '' });
    }
  }

  test.each(cases)(
    '%s',
    async name => {
      const from = `${parity}cases/${name}.json`;
      const nodes = ways.map(way => `${name}-${way}`);
      const [bySync = '', bySteps = '', byBatch = ''] = nodes;
      for (const node of nodes) await newNode(sandbox(), node);
      await sync(bySync, from);
      expect(await sync(bySync, from)).toBe('node node-a: in sync, nothing changed\n');
      await script(bySteps, 'steps', from);
      await script(byBatch, 'batch', from);

      const state = await programmedState(sandbox(), bySync);
      expect(await programmedState(sandbox(), bySteps)).toEqual(state);
      expect(await programmedState(sandbox(), byBatch)).toEqual(state);
      expect(state.ipvs).toEqual(ipvsLines(reference(name, 'ipvs')));
      expect(state.addresses).toEqual([...linesOf(reference(name, 'addresses'))].sort());
      expect(state.sets).toEqual(setEntries(reference(name, 'ipset')));
      expect(state.sysctls).toEqual(referenceSysctls(name));
      for (const node of nodes) await output(sandbox(), ['ip', 'netns', 'del', node]);
    },
    120_000,
  );
});
