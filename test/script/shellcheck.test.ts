import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Cluster } from '../../src/cluster/cluster.js';
import { batchScript } from '../../src/script/batch-script.js';
import { stepsScript } from '../../src/script/steps-script.js';
import type { Reconciliation } from '../../src/sync/reconcile.js';
import { edited, fakeNode, kernelOf, parse, print } from '../support/fake-node/index.js';
import { clusterFrom, parityCaseOf, parityOptions } from '../support/parity-case.js';
import { tutorialProxy } from '../support/run-sync.js';
import { listText, udpObjects } from '../support/sample-objects.js';
import { desiredState, reconcileFromNothing } from '../support/situation.js';
import { reconciliationOn, syncedNode } from '../support/synced-node.js';

const folder = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Marks everything, so that every form of a comment is checked. */
const tutorial = { isBeyond: () => true, isRuleBeyond: () => true };

/** Returns both forms of a plan's script, each with and without sudo. */
function scripts(name: string, { plan, desired }: Reconciliation): readonly (readonly [string, string])[] {
  return [true, false].flatMap(sudo => {
    const options = { nodeName: 'node-a', startsFrom: 'its present state', sudo, iptables: 'default' as const };
    const { reasons } = desired;
    const steps = stepsScript(plan, { ...options, reasons, tutorial, servicePortsOf: () => ['default/web'] });
    const suffix = sudo ? 'sudo' : 'root';
    return [
      [`${name}-steps-${suffix}`, steps],
      [`${name}-batch-${suffix}`, batchScript(plan, options)],
    ] as const;
  });
}

const everything = parityCaseOf('all-together').cluster;
const dns = (address: string): Cluster => clusterFrom(listText(...udpObjects('10.96.0.9', [address])));

/** Returns the text of a node on which jumps, rules, sets and virtual servers are wrong. */
function damagedText(): string {
  const prerouting = 'iptables -t nat -A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES';
  const text = print(kernelOf(desiredState(everything, parityOptions)));
  return edited(text.replaceAll(/^ipset add KUBE-CLUSTER-IP .*\n/gm, '').replaceAll(' -s rr', ' -s lc'), {
    [prerouting]: `iptables -t nat -A PREROUTING -j DROP\n${prerouting}`,
    'iptables -t nat -A KUBE-SERVICES -s 127.0.0.0/8 -j RETURN': '',
    'ipset create KUBE-CLUSTER-IP hash:ip,port': 'ipset create KUBE-CLUSTER-IP hash:ip',
  });
}

/** Returns plans that add, change and remove elements of every kind. */
async function plans(): Promise<readonly (readonly [string, Reconciliation])[]> {
  const damaged = parse(damagedText());
  const one = parityCaseOf('cluster-ip').cluster;
  return [
    ['all', reconcileFromNothing(everything, parityOptions)],
    ['tutorial', reconcileFromNothing(one, { ...tutorialProxy, profile: 'tutorial' })],
    ['damaged', await reconciliationOn(fakeNode(damaged), everything, parityOptions)],
    ['removing', await reconciliationOn(await syncedNode(everything, parityOptions), one, parityOptions)],
    [
      'udp',
      await reconciliationOn(await syncedNode(dns('10.244.1.3'), parityOptions), dns('10.244.1.4'), parityOptions),
    ],
    ['nothing', await reconciliationOn(await syncedNode(one, parityOptions), one, parityOptions)],
  ];
}

test('shellcheck reports nothing about any printed script', async () => {
  const all = (await plans()).flatMap(([name, reconciliation]) => scripts(name, reconciliation));
  expect(all).toHaveLength(24);
  const files = all.map(([name, text]) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  });
  const { error, status, stdout } = spawnSync('shellcheck', ['--format=gcc', ...files], { encoding: 'utf8' });
  expect(error, 'shellcheck must be installed').toBeUndefined();
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
}, 60_000);

test('the checked scripts add, change and remove', async () => {
  const verbs = (await plans()).flatMap(([name, { plan }]) => plan.map(change => `${name} ${change.verb}`));
  expect([...new Set(verbs)].sort()).toEqual(
    [
      'all add',
      'tutorial add',
      'damaged add',
      'damaged change',
      'damaged remove',
      'removing remove',
      'removing change',
      'udp add',
      'udp remove',
    ].sort(),
  );
});
