import { expect, test } from 'vitest';
import { kernelAnswerOf } from '../../../src/tutorial/observe/kernel-answer.js';
import { movements } from '../../../src/tutorial/observe/movements.js';
import type { ObjectsAnswer, Observation } from '../../../src/tutorial/observe/observed.js';
import { moments, movedOnInajob, movementText, nothing, reviewed, transcriptOf } from './support/moments.js';

test('each command of the chapter, each fault and each sync moves what the reviewed text says', () => {
  const answers = moments.map(({ texts }) => kernelAnswerOf(texts));
  const transcript = moments.slice(1).map(({ on, command }, index) => {
    const [before, after] = answers.slice(index, index + 2);
    if (before === undefined || after === undefined) throw new Error(`no answers for ${command}`);
    return transcriptOf(on, command, movedOnInajob(before, after));
  });
  expect(transcript.join('')).toBe(reviewed);
});

test('nothing moves between equal answers, however much there is', () => {
  for (const { texts } of moments)
    expect(movedOnInajob(kernelAnswerOf(texts), kernelAnswerOf({ ...texts }))).toEqual([]);
});

const rules = (...lines: readonly string[]) =>
  kernelAnswerOf({ ...nothing, iptables: ['*nat', ':KUBE-SERVICES - [0:0]', ...lines, 'COMMIT', ''].join('\n') });

const movedRules = (before: readonly string[], after: readonly string[]) =>
  movedOnInajob(rules(...before), rules(...after)).map(movementText);

test('a rule has not moved if others are before it or gone', () => {
  const [one, two, three] = ['[1:60] -A KUBE-SERVICES -j A', '[2:120] -A KUBE-SERVICES -j B', '-A KUBE-SERVICES -j C'];
  expect(movedRules([one, two], [three, one, two])).toEqual(['+ inajob: nat KUBE-SERVICES rule 1: -j C']);
  expect(movedRules([one, two, three], [two, three])).toEqual(['- inajob: nat KUBE-SERVICES rule 1: -j A']);
  expect(movedRules([one, two, three], [one, three, two])).toEqual([
    '- inajob: nat KUBE-SERVICES rule 2: -j B',
    '+ inajob: nat KUBE-SERVICES rule 3: -j B',
  ]);
});

test('a rule in the place of another one has changed', () => {
  expect(movedRules(['-A KUBE-SERVICES -s 10.0.0.1 -j A'], ['-A KUBE-SERVICES -s 10.0.0.2 -j A'])).toEqual([
    '~ inajob: nat KUBE-SERVICES rule 1: -s 10.0.0.1 -j A => -s 10.0.0.2 -j A',
  ]);
});

test('the counter of a rule that is further back now is compared with its own', () => {
  const [one, two] = ['[1:60] -A KUBE-SERVICES -j A', '[7:420] -A KUBE-SERVICES -j B'];
  expect(
    movedRules([one, two], [one.replace('1:60', '3:180'), '-A KUBE-SERVICES -j NEW', two.replace('7', '8')]),
  ).toEqual([
    '+ inajob: nat KUBE-SERVICES rule 2: -j NEW',
    '~ inajob: nat KUBE-SERVICES rule 1 -j A packets: 1 => 3',
    '~ inajob: nat KUBE-SERVICES rule 3 -j B packets: 7 => 8',
  ]);
});

test('counters of foreign chains and of rules that are no jumps do not move, nor do smaller ones', () => {
  const at = (count: number) =>
    kernelAnswerOf({
      ...nothing,
      iptables: [
        '*nat',
        ':OUTPUT ACCEPT [0:0]',
        ':OTHER - [0:0]',
        ':KUBE-SERVICES - [0:0]',
        `[${count}:0] -A OUTPUT -j OTHER`,
        `[${count}:0] -A OTHER -m comment --comment "see -j KUBE-SERVICES" -j ACCEPT`,
        `[${9 - count}:0] -A KUBE-SERVICES -j ACCEPT`,
        'COMMIT\n',
      ].join('\n'),
    });
  expect(movedOnInajob(at(1), at(2))).toEqual([]);
});

const observation = (objects: ObjectsAnswer, root: Observation['rootShells'] = new Set()): Observation => ({
  workers: { inajob: kernelAnswerOf(nothing), yuanying: kernelAnswerOf(nothing) },
  objects,
  rootShells: root,
});

const service = (selector: object | undefined) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web-service', namespace: 'default', resourceVersion: '7' },
  spec: { clusterIP: '10.254.10.128', ports: [{ port: 80, targetPort: 8080 }], ...(selector && { selector }) },
});
const pod = (app: string, ready: string) => ({
  metadata: { labels: { tier: 'front', app } },
  status: { podIP: '10.244.2.2', conditions: [{ type: 'Ready', status: ready }] },
});
const endpoints = (addresses: readonly string[], notReady: readonly string[] = []) => ({
  subsets: [
    {
      addresses: addresses.map(ip => ({ ip })),
      notReadyAddresses: notReady.map(ip => ({ ip })),
      ports: [{ port: 8080, protocol: 'TCP' }],
    },
  ],
});

const movedObjects = (before: Readonly<Record<string, object>>, after: Readonly<Record<string, object>>) => {
  const objects = (named: Readonly<Record<string, object>>) => new Map(Object.entries(named)) as ObjectsAnswer;
  return movements(observation(objects(before)), observation(objects(after)));
};

test('a new object shows what matters of it', () => {
  const added = movedObjects(
    {},
    {
      'service/web-service': service({ app: 'web' }),
      'service/warehouse': service(undefined),
      'pod/web-yuanying': pod('web', 'True'),
      'endpoints/web-service': endpoints(['10.244.2.2', '10.244.1.3']),
      'endpoints/warehouse': {},
      'node/inajob': { kind: 'Node', metadata: { name: 'inajob' }, spec: { podCIDR: '10.244.1.0/24' } },
    },
  );
  expect(added).toEqual([
    { mark: '+', where: 'endpoints/warehouse', after: '<none>' },
    { mark: '+', where: 'endpoints/web-service', after: '10.244.1.3:8080,10.244.2.2:8080' },
    { mark: '+', where: 'node/inajob', after: 'spec.podCIDR 10.244.1.0/24' },
    { mark: '+', where: 'pod/web-yuanying', after: 'labels app=web,tier=front, ready True, IP 10.244.2.2' },
    { mark: '+', where: 'service/warehouse', after: 'clusterIP 10.254.10.128, ports 80/TCP -> 8080, selector <none>' },
    {
      mark: '+',
      where: 'service/web-service',
      after: 'clusterIP 10.254.10.128, ports 80/TCP -> 8080, selector app=web',
    },
  ]);
});

test('of a changed object only the changed parts are shown', () => {
  const changed = movedObjects(
    {
      'pod/a': pod('web', 'True'),
      'pod/b': pod('web', 'True'),
      'endpoints/web-service': endpoints(['10.244.2.2', '10.244.1.3']),
    },
    {
      'pod/a': pod('wbe', 'True'),
      'pod/b': pod('web', 'False'),
      'endpoints/web-service': endpoints(['10.244.1.3'], ['10.244.2.2']),
    },
  );
  expect(changed).toEqual([
    {
      mark: '~',
      where: 'endpoints/web-service',
      before: '10.244.1.3:8080,10.244.2.2:8080',
      after: '10.244.1.3:8080',
    },
    { mark: '+', where: 'endpoints/web-service not ready', after: '10.244.2.2:8080' },
    { mark: '~', where: 'pod/a labels', before: 'app=web,tier=front', after: 'app=wbe,tier=front' },
    { mark: '~', where: 'pod/b ready', before: 'True', after: 'False' },
  ]);
});

test('another order of addresses and another version of an object are no movement', () => {
  const before = { 'endpoints/e': endpoints(['10.244.2.2', '10.244.1.3']), 'service/s': service({ app: 'web' }) };
  const other = { ...service({ app: 'web' }), metadata: { resourceVersion: '8', annotations: { a: 'b' } } };
  expect(movedObjects(before, { 'endpoints/e': endpoints(['10.244.1.3', '10.244.2.2']), 'service/s': other })).toEqual(
    [],
  );
});

test('a removed object shows what it was', () => {
  expect(movedObjects({ 'endpoints/web-service': endpoints(['10.244.1.3']) }, {})).toEqual([
    { mark: '-', where: 'endpoints/web-service', before: '10.244.1.3:8080' },
  ]);
});

const withSysctls = (inajob: string | undefined, yuanying: string | undefined): Observation => {
  const answer = (value: string | undefined) =>
    kernelAnswerOf({
      ...nothing,
      sysctls: `net/ipv4/ip_forward=1\n${value === undefined ? '' : `net/ipv4/vs/conntrack=${value}\n`}`,
    });
  return { ...observation(new Map()), workers: { inajob: answer(inajob), yuanying: answer(yuanying) } };
};

const brought = { where: 'inajob, yuanying: module ip_vs', after: '/proc/sys/net/ipv4/vs' };

test('the parameters that a module brings are one movement', () => {
  const [without, loaded] = [withSysctls(undefined, undefined), withSysctls('0', '0')];
  expect(movements(without, loaded)).toEqual([{ mark: '+', ...brought }]);
  expect(movements(loaded, without)).toEqual([{ mark: '-', where: brought.where, before: brought.after }]);
});

test('a parameter with another value is a movement of its machine', () => {
  const name = '/proc/sys/net/ipv4/vs/conntrack';
  expect(movements(withSysctls('0', '0'), withSysctls('0', '1'))).toEqual([
    { mark: '~', where: `yuanying: ${name}`, before: '0', after: '1' },
  ]);
  expect(movements(withSysctls('0', '0'), withSysctls('1', '1'))).toEqual([
    { mark: '~', where: `inajob: ${name}`, before: '0', after: '1' },
    { mark: '~', where: `yuanying: ${name}`, before: '0', after: '1' },
  ]);
  expect(movements(withSysctls(undefined, undefined), withSysctls('1', '0'))).toEqual([
    { mark: '+', ...brought },
    { mark: '~', where: `inajob: ${name}`, before: '0', after: '1' },
  ]);
});

test('statistics that the kernel adds up late do not move', () => {
  const { texts } = moments.find(({ command }) => command.startsWith('curl')) ?? { texts: nothing };
  const later = { ...texts, stats: texts.stats.replace(/^((?:TCP| {2}->) +\S+:\d+ +)0 /gm, '$17 ') };
  expect(kernelAnswerOf(later).virtualServers.get('TCP 10.254.10.128:80')?.connections).toBe(14);
  expect(movedOnInajob(kernelAnswerOf(texts), kernelAnswerOf(later))).toEqual([]);
});

test('a shell becomes root’s and ends', () => {
  const [user, root] = [observation(new Map()), observation(new Map(), new Set(['inajob']))];
  expect(movements(user, root)).toEqual([{ mark: '+', where: 'inajob: shell', after: 'root' }]);
  expect(movements(root, user)).toEqual([{ mark: '-', where: 'inajob: shell', before: 'root' }]);
});
