import { describe, expect, test } from 'vitest';
import { runDiff } from '../../src/commands/diff.js';
import { runExplainPart } from '../../src/commands/explain-part.js';
import { runStatus } from '../../src/commands/status.js';
import type { ProxyOptions } from '../../src/proxy/options.js';
import { requireNodeNetworks } from '../../src/sync/node-networks.js';
import { type FakeNode, fakeNode, runCommand } from '../support/fake-node/index.js';
import { clusterFrom } from '../support/parity-case.js';
import { fromStdin, outcomeOf } from '../support/run-command.js';
import { sync, tutorialProxy } from '../support/run-sync.js';
import { endpointsObject, listText, serviceObject } from '../support/sample-objects.js';
import { programmedNode } from './support/programmed-node.js';

const proxy: ProxyOptions = { ...tutorialProxy, localDetection: { by: 'NodeCIDR' } };

const nodeObject = (podCIDRs: readonly string[] | undefined, name = 'inajob') => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  spec: podCIDRs === undefined ? {} : { podCIDR: podCIDRs[0], podCIDRs },
});
const web = [serviceObject('web', '10.96.0.1'), endpointsObject('web', ['10.244.1.3'])];

/** Returns the network that sources are compared with. */
const networkIn = ({ kernel }: FakeNode): string | undefined =>
  / ! -s (\S+) .* -j KUBE-MARK-MASQ/.exec(runCommand(kernel, { argv: ['iptables-save'] }).stdout)?.[1];

const advice =
  'Start kube-controller-manager with --allocate-node-cidrs, or detect local traffic in another way ' +
  '(--cluster-cidr, or detectLocalMode BridgeInterface or InterfaceNamePrefix). Nothing was changed.';

describe('without the networks of this node’s Pods', () => {
  test.each([
    ['a Node without podCIDRs', [nodeObject(undefined)], 'the Node "inajob" has no podCIDRs'],
    ['no Node at all', [], 'no Node named "inajob" was read, so its podCIDRs are unknown'],
  ])('sync changes nothing and says what is missing: %s', async (_, nodes, missing) => {
    const node = fakeNode();
    const { error, exitCode } = await sync(node, { stdin: listText(...web, ...nodes), proxy });
    const message = `detectLocalMode NodeCIDR: ${missing}`;
    expect(error).toMatchObject({ code: 'node-networks-missing', message, advice });
    expect(exitCode).toBe(3);
    expect(node.changing).toEqual([]);
  });

  test('an invalid podCIDR is named, and the Node counts as invalid', async () => {
    const node = fakeNode();
    const stdin = listText(...web, nodeObject(['10.244.1.0/33']));
    const { error, stderr } = await sync(node, { stdin, proxy });
    expect(stderr).toContain('spec.podCIDRs[0]: is not a network in CIDR notation: "10.244.1.0/33"');
    expect(error?.message).toContain('the Node "inajob" is invalid');
    expect(node.changing).toEqual([]);
  });

  test('a wrong name of the node is the error', async () => {
    const { error } = await sync(fakeNode(), { stdin: listText(...web, nodeObject(undefined, 'other')), proxy });
    expect(error?.code).toBe('node-unknown');
  });

  test.each(['sync --dry-run', 'diff', 'status', 'explain'])('%s ends with the same error', async command => {
    const stdin = listText(...web, nodeObject(undefined));
    const common = { source: fromStdin, proxy, namespace: undefined, allowEmpty: false, isColored: false } as const;
    const part = { kind: 'chain', name: 'KUBE-SERVICES', output: 'text', isAsDesired: true } as const;
    const { error } =
      command === 'sync --dry-run'
        ? await sync(fakeNode(), { stdin, proxy, dryRun: true, full: true })
        : await outcomeOf(io => {
            if (command === 'diff') return runDiff({ ...common, output: 'text' }, fakeNode(), io);
            if (command === 'status') return runStatus({ ...common, output: 'text' }, fakeNode(), io);
            return runExplainPart({ ...common, ...part }, fakeNode(), io);
          }, stdin);
    expect(error?.code).toBe('node-networks-missing');
  });

  test('the other ways of detecting local traffic need no Node', () => {
    const cluster = clusterFrom(listText(...web));
    expect(requireNodeNetworks(tutorialProxy, cluster)).toBe(tutorialProxy);
  });
});

describe('with the networks of this node’s Pods', () => {
  test('sync and diff use them', async () => {
    const node = fakeNode();
    const stdin = listText(...web, nodeObject(['10.244.1.0/24']));
    expect((await sync(node, { stdin, proxy })).exitCode).toBe(0);
    expect(networkIn(node)).toBe('10.244.1.0/24');
    const options = { source: fromStdin, proxy, namespace: undefined, allowEmpty: false } as const;
    const diff = await outcomeOf(io => runDiff({ ...options, output: 'text', isColored: false }, node, io), stdin);
    expect(diff).toMatchObject({ stdout: 'node inajob: in sync\n', exitCode: 0 });
  });

  test('a change of the podCIDRs takes effect, and a Node that loses them or goes keeps the last', async () => {
    const { node, put, remove } = await programmedNode([...web, nodeObject(['10.244.1.0/24'])], { proxy });
    expect(networkIn(node)).toBe('10.244.1.0/24');
    await put(nodeObject(['10.244.7.0/24']));
    expect(networkIn(node)).toBe('10.244.7.0/24');
    await put(nodeObject(undefined));
    await put(serviceObject('more', '10.96.0.2'));
    expect(networkIn(node)).toBe('10.244.7.0/24');
    await remove(nodeObject(undefined));
    expect(networkIn(node)).toBe('10.244.7.0/24');
    await put(nodeObject(['10.244.8.0/24']));
    expect(networkIn(node)).toBe('10.244.8.0/24');
  });

  test('nothing else in a Node starts a sync', async () => {
    const { processes, put } = await programmedNode([...web, nodeObject(['10.244.1.0/24'])], { proxy });
    const labelled = { ...nodeObject(['10.244.1.0/24']), metadata: { name: 'inajob', labels: { a: 'b' } } };
    expect(await processes(() => put(labelled))).toEqual([]);
  });
});
