import { expect, test } from 'vitest';
import { partText } from '../../../../src/explain/parts/index.js';
import type { PartSources } from '../../../../src/explain/parts/part.js';
import { explainSysctl } from '../../../../src/explain/parts/sysctl/sysctl.js';
import { sysctlsRead } from '../../../../src/node/datapath/read-datapath-sysctls.js';
import { paintWith } from '../../../../src/output/paint.js';
import { clusterFrom } from '../../../support/parity-case.js';
import { tutorialProxy } from '../../../support/run-sync.js';
import { listText, serviceObject } from '../../../support/sample-objects.js';
import { emptyDatapath } from '../../support/empty-datapath.js';
import { errorOf, sourcesFromAfar, sourcesOf } from '../support/part-sources.js';

const cluster = clusterFrom(listText(serviceObject('web', '10.96.0.1')));
const withSysctls = (sysctls: Readonly<Record<string, string>>): PartSources => ({
  ...sourcesFromAfar(cluster, tutorialProxy),
  actual: { ...emptyDatapath, sysctls },
});

test('a parameter with another value than kproxy needs: what it means, and what is needed', async () => {
  const sources = await sourcesOf(cluster, tutorialProxy, kernel => kernel.sysctls.set('net/ipv4/vs/conntrack', '0'));
  expect(partText(explainSysctl('net.ipv4.vs.conntrack', sources), paintWith(false))).toBe(
    [
      'net.ipv4.vs.conntrack: not as it should be',
      '',
      '  Lets conntrack follow the connections that IPVS balances, so that rules can',
      '  masquerade them.',
      '  Without it IPVS would hide its connections from netfilter, and nothing that it',
      '  balances could be masqueraded.',
      '  Needed by every node.',
      '',
      '  It is 0. No rule can masquerade what IPVS balances: outside clients get no',
      '  answer from backends on other nodes. kproxy sets it to 1.',
      '',
    ].join('\n'),
  );
});

test.each(['net.ipv4.ip_forward', 'net/ipv4/ip_forward', '/proc/sys/net/ipv4/ip_forward'])('%s', asked =>
  expect(explainSysctl(asked, withSysctls({ 'net/ipv4/ip_forward': '1' }))).toMatchObject({
    name: 'net.ipv4.ip_forward',
    path: '/proc/sys/net/ipv4/ip_forward',
    value: '1',
    needed: '1',
  }),
);

test.each(['net.ipv4.conf.eth0.100.rp_filter', 'net.ipv4.conf.eth0/100.rp_filter', 'net/ipv4/conf/eth0.100/rp_filter'])(
  'a device with a dot in its name: %s',
  asked =>
    expect(explainSysctl(asked, withSysctls({ 'net/ipv4/conf/eth0.100/rp_filter': '1' }))).toMatchObject({
      name: 'net.ipv4.conf.eth0/100.rp_filter',
      value: '1',
    }),
);

test('of the values for all devices and for one, the larger counts', () => {
  const sources = withSysctls({ 'net/ipv4/conf/all/rp_filter': '2', 'net/ipv4/conf/eth0/rp_filter': '1' });
  expect(explainSysctl('net.ipv4.conf.eth0.rp_filter', sources)).toMatchObject({
    state: 'foreign',
    value: '1',
    effective: '2',
    needed: undefined,
    meaning: 'Packets are dropped only if there is no route to their source at all.',
  });
  // What forwards is the value of the device alone.
  const forwarding = withSysctls({ 'net/ipv4/conf/all/forwarding': '1', 'net/ipv4/conf/eth0/forwarding': '0' });
  expect(explainSysctl('net.ipv4.conf.eth0.forwarding', forwarding)).toMatchObject({ effective: undefined });
});

test('every parameter that is read from a node is known', () => {
  const sources = withSysctls(Object.fromEntries(sysctlsRead(['all', 'default', 'eth0']).map(name => [name, '1'])));
  for (const name of Object.keys(sources.actual?.sysctls ?? {})) {
    const { purpose, without, neededBy, meaning } = explainSysctl(name, sources);
    expect([purpose, without, meaning].every(text => /^[A-Z-].*\.$/.test(text ?? ''))).toBe(true);
    expect(neededBy).toMatch(/[^.]$/);
  }
});

test('an unknown parameter is a usage error that names similar ones', () => {
  const sources = withSysctls({});
  expect(errorOf(() => explainSysctl('net.ipv4.vs.contrack', sources))).toMatchObject({
    code: 'option-invalid',
    evidence: 'Similar is net.ipv4.vs.conntrack.',
  });
  expect(errorOf(() => explainSysctl('kernel.panic', sources))).toMatchObject({ evidence: undefined });
});
