import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Check } from '../../../src/tutorial/checks/check.js';
import { missingOf } from '../../../src/tutorial/checks/index.js';
import type { Observed } from '../../../src/tutorial/observe/observed.js';
import { chainsOf, endpointsObject, linksOf, observed, said, serversOf, setsOf } from './support/observed.js';

/** What a Service and its Pod are made of, and other values for each part. */
interface Values {
  readonly vip: string;
  readonly port: number;
  readonly pod: string;
  readonly targetPort: number;
  readonly name: string;
  readonly number: number;
}

const byte = fc.integer({ min: 1, max: 254 });
const port = fc.integer({ min: 1, max: 65_535 });
const name = fc.stringMatching(/^[A-Z]{8,12}$/);
const values: fc.Arbitrary<Values> = fc.record({
  vip: fc.tuple(byte, byte).map(bytes => `10.254.${bytes.join('.')}`),
  port,
  pod: fc.tuple(byte, byte).map(bytes => `10.244.${bytes.join('.')}`),
  targetPort: port,
  name: name.map(text => `KUBE-${text}`),
  number: fc.integer({ min: 1, max: 9 }),
});

/** Two sets of values that have nothing in common. */
const twoValues = fc
  .tuple(values, values)
  .filter(([one, other]) => (Object.keys(one) as (keyof Values)[]).every(part => one[part] !== other[part]));

interface Subject {
  readonly check: (values: Values) => Check;
  /** What satisfies the check. */
  readonly satisfying: (values: Values) => Observed;
  /** What the reason must name if this part of the observation has the other value. */
  readonly names: { readonly [Part in keyof Values]?: (wrong: Values) => string };
}

const server = ({ vip, port }: Values) => `TCP ${vip}:${port}`;
const real = ({ pod, targetPort }: Values) => `${pod}:${targetPort}`;
const rule = ({ vip, port, number, name }: Values) =>
  `-d ${vip}/32 -p tcp -m tcp --dport ${port} -m mark --mark ${number} -j ${name}`;

const subjects: Readonly<Record<string, Subject>> = {
  set: {
    check: ({ name, number }) => ({ kind: 'set', on: 'inajob', name, type: `hash:${number}` }),
    satisfying: ({ name, number }) => observed({ inajob: setsOf({ [name]: [] }, `hash:${number}`) }),
    names: { name: () => 'KUBE-', number: ({ number }) => `hash:${number}` },
  },
  entry: {
    check: ({ vip, port, name }) => ({ kind: 'entry', on: 'inajob', set: name, value: `${vip},tcp:${port}` }),
    satisfying: ({ vip, port, name }) => observed({ inajob: setsOf({ [name]: [`${vip},tcp:${port}`] }) }),
    names: { vip: ({ vip }) => vip, port: ({ port }) => ` ${port}`, name: () => 'KUBE-' },
  },
  chain: {
    check: ({ name }) => ({ kind: 'chain', on: 'inajob', table: 'nat', chain: name }),
    satisfying: ({ name }) => observed({ inajob: chainsOf({ [`nat ${name}`]: [] }) }),
    names: { name: () => 'KUBE-' },
  },
  rule: {
    check: values => ({ kind: 'rule', on: 'inajob', table: 'nat', chain: 'KUBE-A', rule: rule(values) }),
    satisfying: values => observed({ inajob: chainsOf({ 'nat KUBE-A': [rule(values)] }) }),
    names: {
      vip: ({ vip }) => `-d ${vip}/32`,
      port: ({ port }) => `--dport ${port}`,
      number: ({ number }) => `--mark ${number}`,
      name: ({ name }) => `-j ${name}`,
    },
  },
  link: {
    check: ({ name, number }) => ({ kind: 'link', on: 'inajob', name, type: `type${number}` }),
    satisfying: ({ name, number }) => observed({ inajob: linksOf({ [name]: [] }, `type${number}`) }),
    names: { name: () => 'KUBE-', number: ({ number }) => `type${number}` },
  },
  address: {
    check: ({ vip, name, number }) => ({ kind: 'address', on: 'inajob', link: name, address: `${vip}/${number}` }),
    satisfying: ({ vip, name, number }) => observed({ inajob: linksOf({ [name]: [`${vip}/${number}`] }) }),
    names: { vip: ({ vip }) => vip, name: () => 'KUBE-', number: ({ number }) => `/${number}` },
  },
  'virtual server': {
    check: values => ({ kind: 'virtual-server', on: 'inajob', server: server(values), scheduler: values.name }),
    satisfying: values => observed({ inajob: serversOf({ [server(values)]: {} }, { scheduler: values.name }) }),
    names: { vip: ({ vip }) => vip, port: ({ port }) => ` ${port}`, name: ({ name }) => name },
  },
  'real server': {
    check: values => ({ kind: 'real-server', on: 'inajob', server: server(values), address: real(values) }),
    satisfying: values => observed({ inajob: serversOf({ [server(values)]: { [real(values)]: {} } }) }),
    names: {
      vip: ({ vip }) => vip,
      port: ({ port }) => ` ${port}`,
      pod: ({ pod }) => pod,
      targetPort: ({ targetPort }) => ` ${targetPort}`,
    },
  },
  sysctl: {
    check: ({ name, number }) => ({ kind: 'sysctl', on: 'inajob', name, value: `${number}` }),
    satisfying: ({ name, number }) => observed({ inajob: { sysctls: new Map([[name, `${number}`]]) } }),
    names: { name: () => 'KUBE-', number: ({ number }) => ` ${number}` },
  },
  object: {
    check: ({ name, vip }) => ({ kind: 'object', object: `service/${name}`, fields: { 'spec.clusterIP': vip } }),
    satisfying: ({ name, vip }) => observed({ objects: { [`service/${name}`]: { spec: { clusterIP: vip } } } }),
    names: { name: () => 'service/KUBE-', vip: ({ vip }) => vip },
  },
  endpoints: {
    check: ({ name, pod, targetPort }) => ({ kind: 'endpoints', name, addresses: [pod], port: targetPort }),
    satisfying: ({ name, pod, targetPort }) =>
      observed({ objects: { [`endpoints/${name}`]: endpointsObject([pod], { port: targetPort }) } }),
    names: { name: () => 'endpoints/KUBE-', pod: () => '10.244.', targetPort: ({ targetPort }) => ` ${targetPort}` },
  },
  shown: {
    check: ({ name, pod }) => ({ kind: 'shown', on: 'inajob', texts: [`${name}.`, `${pod}.`] }),
    satisfying: ({ name, pod }) => observed({ said: [said('inajob', `${name}. and ${pod}.`)] }),
    names: { name: () => 'KUBE-', pod: () => '10.244.' },
  },
  connections: {
    check: values => ({ kind: 'connections', on: 'inajob', server: server(values), atLeast: 9 + values.number }),
    satisfying: values => observed({ inajob: serversOf({ [server(values)]: {} }, { connections: 9 + values.number }) }),
    names: { vip: ({ vip }) => vip, port: ({ port }) => ` ${port}` },
  },
};

describe.each(Object.entries(subjects))('the check of %s', (_, { check, satisfying, names }) => {
  test('passes if everything is as it should be', () => {
    fc.assert(
      fc.property(values, right => {
        expect(missingOf(check(right), satisfying(right))).toBeUndefined();
      }),
    );
  });

  test.each(Object.entries(names))('fails if its %s is another one, and says so in both languages', (part, named) => {
    fc.assert(
      fc.property(twoValues, ([right, other]) => {
        const wrong = { ...right, [part]: other[part as keyof Values] };
        const reason = missingOf(check(right), satisfying(wrong));
        expect(reason?.en).toContain(named(wrong));
        expect(reason?.ja).toContain(named(wrong).trim());
      }),
    );
  });
});
