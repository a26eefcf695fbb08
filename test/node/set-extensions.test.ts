import { describe, expect, test } from 'vitest';
import type { IpSet } from '../../src/node/element.js';
import { kindOf } from '../../src/node/kinds/index.js';
import { parseIpsetList } from '../../src/node/tools/ipset-list.js';
import { parseIpsetSave } from '../../src/node/tools/ipset-save.js';
import { fakeNode, parse, print } from '../support/fake-node/index.js';
import { clusterFrom } from '../support/parity-case.js';
import { tutorialProxy } from '../support/run-sync.js';
import { endpointsObject, listText, serviceObject } from '../support/sample-objects.js';
import { reconciliationOn, syncedNode, syncOnce } from '../support/synced-node.js';

/** What ipset 7.17 prints of a set, as text and as XML, with the extensions that kproxy must find in both. */
const printed: readonly (readonly [save: string, header: string, extensions: readonly string[]])[] = [
  [
    'hash:ip,port family inet hashsize 1024 maxelem 65536 timeout 600 bucketsize 12 initval 0x46904c88',
    '<family>inet</family><hashsize>1024</hashsize><maxelem>65536</maxelem><timeout>600</timeout>' +
      '<bucketsize>12</bucketsize><initval>0x46904c88</initval>',
    ['timeout 600'],
  ],
  [
    'hash:ip,port family inet hashsize 1024 maxelem 65536 counters comment skbinfo bucketsize 12 initval 0x2f6152d7',
    '<family>inet</family><hashsize>1024</hashsize><maxelem>65536</maxelem><counters/><comment/><skbinfo/>' +
      '<bucketsize>12</bucketsize><initval>0x2f6152d7</initval>',
    ['counters', 'comment', 'skbinfo'],
  ],
  [
    'hash:ip family inet hashsize 1024 maxelem 65536 netmask 24 bucketsize 12 initval 0x083fbaf3',
    '<family>inet</family><hashsize>1024</hashsize><maxelem>65536</maxelem><netmask>24</netmask>' +
      '<bucketsize>12</bucketsize><initval>0x083fbaf3</initval>',
    ['netmask 24'],
  ],
  ['bitmap:port range 0-100 counters', '<range>0-100</range><counters/>', ['range 0-100', 'counters']],
  [
    'bitmap:port range 0-65535 timeout 0 comment',
    '<range>0-65535</range><timeout>0</timeout><comment/>',
    ['timeout 0', 'comment'],
  ],
  ['list:set size 4', '<size>4</size>', ['size 4']],
  [
    'hash:ip,port family inet hashsize 1024 maxelem 65536 bucketsize 4 initval 0x34660ff8',
    '<family>inet</family><hashsize>1024</hashsize><maxelem>65536</maxelem><bucketsize>4</bucketsize>' +
      '<initval>0x34660ff8</initval>',
    [],
  ],
];

test.each(printed)('both readers find the same of a set that is %s', (save, header, extensions) => {
  const [saved] = [...parseIpsetSave(`create KUBE-CLUSTER-IP ${save}\n`)];
  const xml = `<ipsets>
<ipset name="KUBE-CLUSTER-IP">
<type>${save.split(' ')[0]}</type>
<revision>6</revision>
<header>${header}
<memsize>192</memsize>
<references>0</references>
<numentries>7</numentries>
</header>
</ipset>
</ipsets>
`;
  expect([...parseIpsetList(xml)]).toEqual([{ set: saved, entries: 7 }]);
  expect((saved as IpSet).extensions ?? []).toEqual(extensions);
});

test('what extensions add to an entry is left out, whatever a comment says', () => {
  const value = '1.2.3.4,tcp:80';
  const lines = [
    `timeout 58 packets 0 bytes 0 comment "hi there" skbmark 0x1/0xff skbprio 1:2 skbqueue 3`,
    'comment "add KUBE-CLUSTER-IP 9.9.9.9,tcp:80"',
    'comment "two\nadd KUBE-CLUSTER-IP 9.9.9.9,tcp:80\nlines"',
    'comment "a nomatch b"',
    '',
  ].map(rest => `add KUBE-CLUSTER-IP ${value}${rest === '' ? '' : ` ${rest}`}\n`);
  expect([...parseIpsetSave(lines.join(''))]).toEqual(
    lines.map(() => ({ kind: 'entry', set: 'KUBE-CLUSTER-IP', value })),
  );
});

test('an exception in a set of networks is no entry, and becomes one', () => {
  const set = 'KUBE-LOAD-BALANCER-SOURCE-CIDR';
  const [before] = [...parseIpsetSave(`add ${set} 10.0.0.1,tcp:80,10.0.0.0/8 nomatch\n`)];
  const after = { kind: 'entry', set, value: '10.0.0.1,tcp:80,10.0.0.0/8' } as const;
  if (before?.kind !== 'entry') throw new Error('no entry was found');
  expect(kindOf(after).key(before)).toBe(kindOf(after).key(after));
  expect(kindOf(after).same(before, after)).toBe(false);
  expect(kindOf(after).batch({ verb: 'change', before, after })).toEqual([
    { text: `add ${set} 10.0.0.1,6:80,10.0.0.0/8` },
  ]);
});

describe('a set of kproxy with other extensions', () => {
  const cluster = clusterFrom(
    listText(serviceObject('web', '10.96.0.1'), endpointsObject('web', ['10.244.1.3', '10.244.2.2'])),
  );

  test.each(['timeout 600', 'timeout 0', 'counters comment skbinfo', 'netmask 24', 'maxelem 4 timeout 600'])(
    'is recreated behind a temporary set: %s',
    async extensions => {
      const synced = await syncedNode(cluster, tutorialProxy);
      const wanted = print(synced.kernel);
      const type = extensions === 'netmask 24' ? 'hash:ip' : 'hash:ip,port';
      const value = extensions === 'netmask 24' ? '10.96.0.0' : '10.96.0.1,tcp:80';
      const text = wanted
        .replace('create KUBE-CLUSTER-IP hash:ip,port', `create KUBE-CLUSTER-IP ${type} ${extensions}`)
        .replace('add KUBE-CLUSTER-IP 10.96.0.1,tcp:80', `add KUBE-CLUSTER-IP ${value}`);
      expect(text).not.toBe(wanted);
      const node = fakeNode(parse(text));
      await syncOnce(node, cluster, tutorialProxy);
      expect(print(node.kernel)).toBe(wanted);
      expect((await reconciliationOn(node, cluster, tutorialProxy)).plan).toEqual([]);
    },
  );
});
