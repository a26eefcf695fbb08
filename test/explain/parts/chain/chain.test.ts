import { expect, test } from 'vitest';
import { explainChain } from '../../../../src/explain/parts/chain/chain.js';
import { partText } from '../../../../src/explain/parts/index.js';
import { paintWith } from '../../../../src/output/paint.js';
import { clusterFrom } from '../../../support/parity-case.js';
import { tutorialProxy } from '../../../support/run-sync.js';
import { endpointsObject, listText, serviceObject } from '../../../support/sample-objects.js';
import { errorOf, lines, sourcesFromAfar, sourcesOf } from '../support/part-sources.js';

const cluster = clusterFrom(listText(serviceObject('web', '10.96.0.1'), endpointsObject('web', ['10.244.1.3'])));
const full = tutorialProxy;

const placesOf = async (name: string, damage = '') =>
  explainChain(name, await sourcesOf(cluster, full, lines(damage))).places;

test('a chain that is as it should be: its rules with reasons, sets and Service ports', async () => {
  const sources = await sourcesOf(cluster, { ...tutorialProxy, profile: 'tutorial' });
  expect(partText(explainChain('KUBE-SERVICES', sources), paintWith(false))).toBe(
    [
      'KUBE-SERVICES in iptables -t nat: as it should be',
      '',
      '  Decides whether the source of packets to a Service must change.',
      "  Without it no packet gets the mark: outside clients and this node's own",
      '  processes get no answer from a backend on another node.',
      '  Needed by every Service.',
      '  On this node it is needed by default/web.',
      '  Packets come from PREROUTING (rule 1) and OUTPUT (rule 1).',
      '',
      '  1   ! -s 10.244.0.0/16 -m comment --comment "Kubernetes service cluster ip +',
      '        port for masquerade purpose" -m set --match-set KUBE-CLUSTER-IP dst,dst',
      '        -j KUBE-MARK-MASQ',
      '      Packets whose source is not in 10.244.0.0/16 and whose destination address',
      '      and port are in the set KUBE-CLUSTER-IP go through the chain',
      '      KUBE-MARK-MASQ, and come back if it does not decide.',
      "      why: Sources outside the Pods' network 10.244.0.0/16 are answered through",
      '        this node. Pods keep their address.',
      '      set KUBE-CLUSTER-IP: 1 entry for default/web',
      '',
      '  2   -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT',
      '      Packets whose destination address and port are in the set KUBE-CLUSTER-IP',
      '      are accepted: no further rule of this table and hook sees them.',
      '      why: No later rule may send the packet elsewhere.',
      '      set KUBE-CLUSTER-IP: 1 entry for default/web',
      '',
    ].join('\n'),
  );
});

test('a rule that is missing and one too many make a chain different', async () => {
  const [place] = (
    await explainWith(kernel => {
      const chain = kernel.tables.IPv4.get('filter')?.get('KUBE-FORWARD');
      chain?.rules.splice(0, 1, ['-s', '192.0.2.1/32', '-j', 'DROP']);
    })
  ).places;
  expect(place?.state).toBe('different');
  expect(place?.rules.map(({ number, state, owner }) => [number, state, owner.is])).toEqual([
    [1, 'left over', 'kproxy'],
    [2, 'in sync', 'kproxy'],
    [undefined, 'missing', 'kproxy'],
  ]);
});

const explainWith = async (damage: Parameters<typeof sourcesOf>[2]) =>
  explainChain('KUBE-FORWARD', await sourcesOf(cluster, full, damage));

test('a chain that nothing jumps to is not reached', async () => {
  const value = await explainWith(kernel => kernel.tables.IPv4.get('filter')?.get('FORWARD')?.rules.splice(0, 1));
  expect(value.places[0]).toMatchObject({ state: 'in sync', jumpedFrom: [], hooks: [] });
  expect(partText(value, paintWith(false))).toContain('No rule jumps to it, so no packet reaches it.');
});

test('a built-in chain: its policy, and the rules that come before the jumps of kproxy', async () => {
  const docker =
    'iptables -t filter -N DOCKER-USER\niptables -t filter -P FORWARD DROP\n' +
    'iptables -t filter -A DOCKER-USER -j RETURN';
  const sources = await sourcesOf(cluster, full, kernel => {
    lines(docker)(kernel);
    kernel.tables.IPv4.get('filter')
      ?.get('FORWARD')
      ?.rules.unshift(['-j', 'DOCKER-USER'], ['-s', '192.0.2.1/32', '-j', 'DROP']);
  });
  const value = explainChain('FORWARD', sources);
  const [place] = value.places.filter(({ family, table }) => family === 'IPv4' && table === 'filter');
  expect(place).toMatchObject({ policy: 'DROP', before: [1, 2], state: 'different', owner: { is: 'kernel' } });
  expect(place?.rules.map(({ owner }) => owner)).toEqual([
    { is: 'probably', software: 'Docker' },
    { is: 'unknown' },
    { is: 'kproxy' },
  ]);
  expect(partText(value, paintWith(false))).toContain(
    "2 rules of other software come before kproxy's last jump: 1 and 2.",
  );
  const [user] = explainChain('DOCKER-USER', sources).places;
  expect(user).toMatchObject({
    state: 'foreign',
    owner: { is: 'probably', software: 'Docker' },
    jumpedFrom: [{ chain: 'FORWARD', number: 1 }],
    hooks: ['FORWARD'],
    purpose: undefined,
  });
});

test('hooks are found through several jumps', async () => {
  const [place] = await placesOf('KUBE-MARK-MASQ');
  expect(place).toMatchObject({ jumpedFrom: [{ chain: 'KUBE-SERVICES' }], hooks: ['PREROUTING', 'OUTPUT'] });
});

test('a chain of kproxy that this node does not need is explained', async () => {
  const places = await placesOf('KUBE-NODE-PORT');
  expect(places.map(({ table, state }) => [table, state])).toEqual([
    ['nat', 'not needed'],
    ['filter', 'not needed'],
  ]);
});

test('a chain that is left over says so', async () => {
  const [place] = await placesOf(
    'KUBE-LOAD-BALANCER',
    'iptables -t nat -N KUBE-LOAD-BALANCER\niptables -t nat -A KUBE-LOAD-BALANCER -j KUBE-MARK-MASQ',
  );
  expect(place).toMatchObject({ state: 'left over', rules: [{ number: 1, state: 'left over' }] });
});

test('without a node to read, the chain is as it should be', () => {
  const [place] = explainChain('KUBE-FORWARD', sourcesFromAfar(cluster, full)).places;
  expect(place).toMatchObject({ state: 'desired', hooks: ['FORWARD'] });
  expect(place?.rules.map(({ state }) => state)).toEqual(['desired', 'desired']);
});

test('an unknown chain is a usage error that names similar ones', async () => {
  const sources = await sourcesOf(cluster, full);
  expect(errorOf(() => explainChain('KUBE-FORWRD', sources))).toMatchObject({
    code: 'option-invalid',
    message: 'there is no chain KUBE-FORWRD on this node, and kproxy has none',
    evidence: 'Similar is KUBE-FORWARD.',
  });
  expect(errorOf(() => explainChain('\u001b[31m', sources))).toMatchObject({
    message: 'there is no chain "\\u001b[31m" on this node, and kproxy has none',
  });
});

test('control characters of a comment are not printed', async () => {
  const value = await explainWith(kernel =>
    kernel.tables.IPv4.get('filter')?.get('KUBE-FORWARD')?.rules.push(['-m', 'comment', '--comment', 'a\u001b[2Jb']),
  );
  expect(partText(value, paintWith(false))).toContain('a\\u001b[2Jb');
});
