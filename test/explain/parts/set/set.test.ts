import { expect, test } from 'vitest';
import { partText } from '../../../../src/explain/parts/index.js';
import { explainSet } from '../../../../src/explain/parts/set/set.js';
import { paintWith } from '../../../../src/output/paint.js';
import { clusterFrom, parityCaseOf } from '../../../support/parity-case.js';
import { tutorialProxy } from '../../../support/run-sync.js';
import { endpointsObject, listText, serviceObject } from '../../../support/sample-objects.js';
import { errorOf, lines, sourcesFromAfar, sourcesOf } from '../support/part-sources.js';

const cluster = clusterFrom(
  listText(
    serviceObject('web', '10.96.0.1'),
    endpointsObject('web', ['10.244.1.3']),
    serviceObject('api', '10.96.0.2'),
    endpointsObject('api', ['10.244.1.4']),
  ),
);

test('a set that is as it should be: purpose, form, rules and entries with their Service ports', async () => {
  const sources = await sourcesOf(cluster, { ...tutorialProxy, profile: 'tutorial' });
  expect(partText(explainSet('KUBE-CLUSTER-IP', sources), paintWith(false))).toBe(
    [
      'set KUBE-CLUSTER-IP hash:ip,port: as it should be',
      '',
      '  Holds the cluster IP and port of every Service.',
      '  Without it a packet to the cluster IP would keep a source that the backend',
      '  cannot answer to.',
      '  Needed by every Service with a cluster IP.',
      '  On this node it is needed by default/api, default/web.',
      '  Its entries have the form address,protocol:port.',
      '  KUBE-6-CLUSTER-IP is the same for IPv6.',
      '',
      '  Rules that look it up:',
      '    iptables -t nat, KUBE-SERVICES rule 1, by destination address and port',
      '      Packets whose source is not in 10.244.0.0/16 and whose destination address',
      '      and port are in the set KUBE-CLUSTER-IP go through the chain',
      '      KUBE-MARK-MASQ, and come back if it does not decide.',
      "      why: Sources outside the Pods' network 10.244.0.0/16 are answered through",
      '        this node. Pods keep their address.',
      '    iptables -t nat, KUBE-SERVICES rule 2, by destination address and port',
      '      Packets whose destination address and port are in the set KUBE-CLUSTER-IP',
      '      are accepted: no further rule of this table and hook sees them.',
      '      why: No later rule may send the packet elsewhere.',
      '',
      '  2 entries, as it should be:',
      '    10.96.0.1,tcp:80 for default/web',
      '    10.96.0.2,tcp:80 for default/api',
      '',
    ].join('\n'),
  );
});

test('what is missing and what is too many comes first, and is counted', async () => {
  const sources = await sourcesOf(cluster, tutorialProxy, kernel => {
    const entries = kernel.sets.get('KUBE-CLUSTER-IP')?.entries;
    entries?.delete('10.96.0.2,tcp:80');
    lines('ipset add KUBE-CLUSTER-IP 10.9.9.9,udp:53')(kernel);
  });
  const value = explainSet('KUBE-CLUSTER-IP', sources);
  expect(value.state).toBe('different');
  expect(value.entries.map(({ value, state, servicePorts }) => [value, state, servicePorts])).toEqual([
    ['10.96.0.2,tcp:80', 'missing', ['default/api']],
    ['10.9.9.9,udp:53', 'left over', []],
    ['10.96.0.1,tcp:80', 'in sync', ['default/web']],
  ]);
  expect(partText(value, paintWith(false))).toContain(
    '  2 entries, 1 missing, 1 too many:\n' +
      '    10.96.0.2,tcp:80 (missing) for default/api\n' +
      '    10.9.9.9,udp:53 (left over, no Service needs it)\n' +
      '    10.96.0.1,tcp:80 for default/web\n',
  );
});

test('at most 20 entries are printed', async () => {
  const { cluster, options } = parityCaseOf('all-together');
  const value = explainSet('KUBE-LOOP-BACK', await sourcesOf(cluster, options));
  expect(value.entries.length).toBeGreaterThan(20);
  const text = partText(value, paintWith(false));
  expect(text.match(/^ {4}10\./gm)).toHaveLength(20);
  expect(text).toContain(`    and ${value.entries.length - 20} more\n`);
});

test('a set that is missing, with all its entries', async () => {
  const sources = await sourcesOf(cluster, tutorialProxy, kernel => {
    kernel.sets.delete('KUBE-IPVS-IPS');
    kernel.tables.IPv4.get('filter')?.get('KUBE-IPVS-FILTER')?.rules.pop();
  });
  const value = explainSet('KUBE-IPVS-IPS', sources);
  expect(value).toMatchObject({ state: 'missing', type: 'hash:ip', usedBy: [{ number: undefined }] });
  expect(new Set(value.entries.map(({ state }) => state))).toEqual(new Set(['missing']));
});

test('a set of another type says how it differs', async () => {
  const sources = await sourcesOf(cluster, tutorialProxy, kernel => {
    const set = kernel.sets.get('KUBE-IPVS-IPS');
    if (set !== undefined) kernel.sets.set('KUBE-IPVS-IPS', { ...set, type: 'hash:ip,port', entries: new Set() });
  });
  expect(explainSet('KUBE-IPVS-IPS', sources)).toMatchObject({
    state: 'different',
    type: 'hash:ip,port',
    differences: ['type is hash:ip,port, should be hash:ip'],
  });
});

test('a foreign set: the rules that use it, and nothing that kproxy would need', async () => {
  const sources = await sourcesOf(
    cluster,
    tutorialProxy,
    lines(
      'ipset create f2b-sshd hash:ip family inet hashsize 1024 maxelem 65536\nipset add f2b-sshd 192.0.2.7\n' +
        'iptables -t filter -A INPUT -m set --match-set f2b-sshd src -j DROP',
    ),
  );
  expect(explainSet('f2b-sshd', sources)).toMatchObject({
    state: 'foreign',
    owner: { is: 'probably', software: 'fail2ban' },
    purpose: undefined,
    usedBy: [{ chain: 'INPUT', looksUp: 'source address', why: undefined }],
    entries: [{ value: '192.0.2.7', state: 'foreign', servicePorts: [] }],
  });
});

test('a set that no Service of this node needs', () => {
  const value = explainSet('KUBE-NODE-PORT-UDP', sourcesFromAfar(cluster, tutorialProxy));
  expect(value).toMatchObject({ state: 'not needed', type: 'bitmap:port', entries: [], usedBy: [] });
});

test('an unknown set is a usage error that names similar ones', async () => {
  const sources = await sourcesOf(cluster, tutorialProxy);
  expect(errorOf(() => explainSet('KUBE-CLUSTERIP', sources))).toMatchObject({
    code: 'option-invalid',
    evidence: 'Similar is KUBE-CLUSTER-IP.',
  });
});
