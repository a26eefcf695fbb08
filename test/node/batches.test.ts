import { expect, test } from 'vitest';
import { batches } from '../../src/node/batches.js';
import type { Change } from '../../src/node/change.js';
import type { Element, IpSet } from '../../src/node/element.js';

const add = (after: Element): Change => ({ verb: 'add', after });
const set = (name: string, type: IpSet['type']): IpSet => ({
  kind: 'set',
  name,
  type,
  family: 'IPv4',
  maximum: undefined,
});
const sysctl = (name: string, value: string): Element => ({ kind: 'sysctl', name, value });

const texts = (plan: readonly Change[]) =>
  batches(plan).map(({ step: { command } }) => `${command.argv.join(' ')}\n${command.input ?? ''}`);

test('neighboring changes of one tool share a process', () => {
  expect(texts([add(set('A', 'hash:ip')), add({ kind: 'entry', set: 'A', value: '10.0.0.1' })])).toEqual([
    'ipset -exist restore\ncreate A hash:ip\nadd A 10.0.0.1\n',
  ]);
});

test('the recreation of a set has a process of its own, which a script skips once that is done', () => {
  const recreation: Change = { verb: 'change', before: set('A', 'hash:ip,port'), after: set('A', 'hash:ip') };
  const plan = [add(set('B', 'hash:ip')), recreation, add({ kind: 'entry', set: 'A', value: '10.0.0.1' })];
  const found = batches(plan);
  expect(found.map(({ changes }) => changes)).toEqual(plan.map(change => [change]));
  expect(found.map(({ step }) => step.unless?.map(({ finds }) => finds))).toEqual([
    undefined,
    ['create A hash:ip family inet ', ' maxelem 65536 '],
    undefined,
  ]);
});

test('kernel parameters with one value share a tee', () => {
  expect(texts([add(sysctl('a/b', '1')), add(sysctl('a/d', '1'))])).toEqual(['tee /proc/sys/a/b /proc/sys/a/d\n1\n']);
});

test('kernel parameters with several values share a sed, but those that are only raised have a tee each', () => {
  const raised: Element = { kind: 'sysctl', name: 'a/e', value: '9', atLeast: true };
  expect(texts([add(sysctl('a/b', '1')), add(sysctl('a/c', '2')), add(sysctl('a/d', '1')), add(raised)])).toEqual([
    'sed -n -e 1w /proc/sys/a/b -e 2w /proc/sys/a/c -e 1w /proc/sys/a/d\n1\n2\n',
    'tee /proc/sys/a/e\n9\n',
  ]);
});

test('an entry names its protocol by number, so that ipset need not look it up in /etc/protocols', () => {
  expect(texts([add({ kind: 'entry', set: 'A', value: '10.0.0.1,udp:53,10.0.0.2' })])).toEqual([
    'ipset -exist restore\nadd A 10.0.0.1,17:53,10.0.0.2\n',
  ]);
});
