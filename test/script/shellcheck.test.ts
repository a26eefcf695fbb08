import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Cluster } from '../../src/cluster/cluster.js';
import { batchScript } from '../../src/script/batch-script.js';
import { stepsScript } from '../../src/script/steps-script.js';
import { type Comparison, compareWithNothing } from '../../src/sync/compare.js';
import { fakeNode, kernelOf } from '../support/fake-node/index.js';
import { clusterFrom, parityCaseOf, parityFacts, parityOptions } from '../support/parity-case.js';
import { tutorialProxy } from '../support/run-sync.js';
import { listText, udpObjects } from '../support/sample-objects.js';
import { reconciliationOn, syncedNode } from '../support/synced-node.js';

const folder = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Both forms of a plan's script, each with and without sudo. */
function scripts(name: string, { plan }: Comparison): readonly (readonly [string, string])[] {
  return [true, false].flatMap(sudo => {
    const options = { nodeName: 'node-a', startsFrom: 'its present state', sudo, iptables: 'default' as const };
    const steps = stepsScript(plan, { ...options, isInChapter: () => true, servicePortsOf: () => ['default/web'] });
    const suffix = sudo ? 'sudo' : 'root';
    return [
      [`${name}-steps-${suffix}`, steps],
      [`${name}-batch-${suffix}`, batchScript(plan, options)],
    ] as const;
  });
}

const everything = parityCaseOf('all-together').cluster;
const dns = (address: string): Cluster => clusterFrom(listText(...udpObjects('10.96.0.9', [address])));

/** Something of everything that a script can have: adding, changing and removing of every kind. */
async function plans(): Promise<readonly (readonly [string, Comparison])[]> {
  const damaged = kernelOf(compareWithNothing(everything, parityOptions, parityFacts).desired.state);
  damaged.tables.IPv4.get('nat')?.get('PREROUTING')?.rules.unshift(['-j', 'DROP']);
  damaged.tables.IPv4.get('nat')?.get('KUBE-SERVICES')?.rules.splice(1, 1);
  damaged.sets.set('KUBE-CLUSTER-IP', { type: 'hash:ip', family: 'IPv4', maximum: undefined, entries: new Set() });
  for (const [key, server] of damaged.servers) damaged.servers.set(key, { ...server, scheduler: 'lc' });
  const one = parityCaseOf('cluster-ip').cluster;
  return [
    ['all', compareWithNothing(everything, parityOptions, parityFacts)],
    ['chapter', compareWithNothing(one, { ...tutorialProxy, profile: 'tutorial' }, parityFacts)],
    ['damaged', await reconciliationOn(fakeNode(damaged), everything, parityOptions)],
    ['removing', await reconciliationOn(await syncedNode(everything, parityOptions), one, parityOptions)],
    [
      'udp',
      await reconciliationOn(await syncedNode(dns('10.244.1.3'), parityOptions), dns('10.244.1.4'), parityOptions),
    ],
    ['nothing', await reconciliationOn(await syncedNode(one, parityOptions), one, parityOptions)],
  ];
}

test('shellcheck finds nothing in any printed script', async () => {
  const all = (await plans()).flatMap(([name, comparison]) => scripts(name, comparison));
  expect(all).toHaveLength(24);
  const files = all.map(([name, text]) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  });
  const { error, status, stdout } = spawnSync('shellcheck', ['--format=gcc', ...files], { encoding: 'utf8' });
  expect(error, 'shellcheck must be installed').toBeUndefined();
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
}, 60_000);

test('the plans have what the scripts are to be checked for', async () => {
  const verbs = (await plans()).flatMap(([name, { plan }]) => plan.map(change => `${name} ${change.verb}`));
  expect([...new Set(verbs)].sort()).toEqual(
    [
      'all add',
      'chapter add',
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
