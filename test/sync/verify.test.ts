import { describe, expect, test } from 'vitest';
import { runCleanup } from '../../src/commands/cleanup.js';
import { applyPlan } from '../../src/node/apply.js';
import { type Change, subjectOf } from '../../src/node/change.js';
import { changeLine } from '../../src/plan/change-line.js';
import { requireNone, type VerifyInput, verifiable, verify } from '../../src/sync/verify.js';
import { type FakeNode, fakeNode, runCommand } from '../support/fake-node/index.js';
import { parityCaseOf, parityOptions } from '../support/parity-case.js';
import { reconciliationOn } from '../support/synced-node.js';

const { cluster } = parityCaseOf('multi-port');

interface Verifiable {
  readonly node: FakeNode;
  readonly input: VerifyInput;
}

/** Returns a node that has just been programmed, and what it is verified against. */
async function programmedNode(): Promise<Verifiable> {
  const node = fakeNode();
  const reconciliation = await reconciliationOn(node, cluster, parityOptions);
  await applyPlan(node, reconciliation.plan);
  return { node, input: verifiable(reconciliation) };
}

/** Returns the missing changes as lines, and whether all entries were read. */
async function verified({ node, input }: Verifiable) {
  const before = node.commands.length;
  const left = await verify(node, input, 'sync');
  const commands = node.commands.slice(before).map(({ argv }) => argv.join(' '));
  expect(commands).toContain('ipset list -t -o xml');
  return { lines: left.map(changeLine), readsEntries: commands.includes('ipset save') };
}

const entriesOf = ({ node }: Verifiable, name: string): Set<string> =>
  node.kernel.sets.get(name)?.entries ?? expect.fail(`the fake node has no set ${name}`);

describe('a node that has just been programmed', () => {
  test('misses nothing, and its entries are only counted', async () => {
    expect(await verified(await programmedNode())).toEqual({ lines: [], readsEntries: false });
  });

  test('names elements that are missing or different, without reading entries', async () => {
    const programmed = await programmedNode();
    const { kernel } = programmed.node;
    const [server = ''] = [...kernel.servers.values()].map(({ address, port }) => `${address}:${port}`);
    runCommand(kernel, { argv: ['ipvsadm', '-D', '-t', server] });
    kernel.sysctls.set('net/ipv4/ip_forward', '0');
    const { lines, readsEntries } = await verified(programmed);
    expect(readsEntries).toBe(false);
    expect(lines).toContain('change: sysctl net.ipv4.ip_forward = 1');
    expect(lines).toContain(`add: virtual server TCP ${server} rr`);
  });

  test('a missing entry: all entries are read, and it is named', async () => {
    const programmed = await programmedNode();
    const entries = entriesOf(programmed, 'KUBE-CLUSTER-IP');
    const [missing = ''] = entries;
    entries.delete(missing);
    expect(await verified(programmed)).toEqual({
      lines: [`add: entry ${missing} in KUBE-CLUSTER-IP`],
      readsEntries: true,
    });
  });

  test('a surplus entry: all entries are read, and it is named', async () => {
    const programmed = await programmedNode();
    entriesOf(programmed, 'KUBE-CLUSTER-IP').add('10.96.0.99,tcp:80');
    expect(await verified(programmed)).toEqual({
      lines: ['remove: entry 10.96.0.99,tcp:80 in KUBE-CLUSTER-IP'],
      readsEntries: true,
    });
  });

  test('a missing set is named, also if no other set has a wrong size', async () => {
    const programmed = await programmedNode();
    for (const tables of Object.values(programmed.node.kernel.tables)) tables.get('nat')?.clear();
    programmed.node.kernel.sets.delete('KUBE-CLUSTER-IP');
    const { lines } = await verified(programmed);
    expect(lines).toContain('add: set KUBE-CLUSTER-IP hash:ip,port');
  });

  test('a leftover set is named, with or without entries', async () => {
    for (const entries of [[], ['10.96.0.99,tcp:80']]) {
      const programmed = await programmedNode();
      const set = { type: 'hash:ip,port', family: 'IPv4', maximum: undefined, entries: new Set(entries) } as const;
      programmed.node.kernel.sets.set('KUBE-EXTERNAL-IP', set);
      expect(await verified(programmed)).toEqual({
        lines: ['remove: set KUBE-EXTERNAL-IP hash:ip,port maxelem 65536'],
        readsEntries: entries.length > 0,
      });
    }
  });

  test('sets of other software are not counted', async () => {
    const programmed = await programmedNode();
    const set = { type: 'hash:ip', family: 'IPv4', maximum: undefined, entries: new Set(['203.0.113.66']) } as const;
    programmed.node.kernel.sets.set('blocklist', set);
    expect(await verified(programmed)).toEqual({ lines: [], readsEntries: false });
  });
});

test('only the parts that the plan changed are read', async () => {
  const { node, input } = await programmedNode();
  const readAfter = async (...kinds: readonly string[]) => {
    const before = node.commands.length;
    const plan = input.plan.filter(change => kinds.includes(subjectOf(change).kind));
    expect(await verify(node, { ...input, plan }, 'sync')).toEqual([]);
    return node.commands.slice(before).map(({ argv }) => argv.join(' '));
  };
  expect(await readAfter('real-server', 'sysctl')).toEqual([]);
  expect(await readAfter('address')).toEqual(['ip -d -j addr show']);
  expect(await readAfter('entry')).toEqual(['ipset list -t -o xml']);
  expect(await readAfter('chain', 'jumps')).toEqual(['iptables-save']);
});

test.each(['sync', 'cleanup'] as const)(
  'a node that cannot be read after %s is an error that says which command continues',
  async command => {
    const { node, input } = await programmedNode();
    node.broken.set('iptables-save', { stdout: '', stderr: 'no\n', exitCode: 1 });
    await expect(verify(node, input, command)).rejects.toMatchObject({
      code: 'not-read-back',
      message: 'all commands succeeded, but the node cannot be read back',
      evidence: 'cannot read the node: `iptables-save` failed with exit status 1\nno',
      advice: `What was done stays. Run kproxy ${command} again: it reads the node and goes on from there.`,
      cause: { code: 'tool-failed' },
    });
  },
);

test('cleanup names the leftovers of a tool that succeeds without doing anything', async () => {
  const { node } = await programmedNode();
  node.broken.set('ip link', { stdout: '', stderr: '', exitCode: 0 });
  const options = { nodeName: 'node-a', excludeCidrs: [], dryRun: false, script: 'batch', sudo: false } as const;
  const io = { stdout: () => {}, stderr: () => {}, readStdin: async () => '' };
  await expect(runCleanup(options, node, io)).rejects.toMatchObject({
    code: 'leftovers-present',
    evidence: 'remove: dummy device kube-ipvs0',
  });
});

describe('missing changes', () => {
  const add = (port: number): Change => ({
    verb: 'add',
    after: { kind: 'entry', set: 'KUBE-CLUSTER-IP', value: `10.96.0.1,tcp:${port}` },
  });
  const plan = Array.from({ length: 30 }, (_, index) => add(index + 1));

  test('are no error if there are none', () => {
    expect(() => requireNone([], plan)).not.toThrow();
  });

  test('are an error that counts them and names the first twenty', () => {
    expect(() => requireNone(plan.slice(5), plan)).toThrow(
      expect.objectContaining({
        code: 'changes-missing',
        message: '25 of 30 changes are not on the node although all commands succeeded',
        evidence: plan.slice(5, 25).map(changeLine).join('\n'),
      }),
    );
  });
});
