import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Element } from '../../src/node/element.js';
import type { Finding } from '../../src/node/finding.js';
import { keyOf } from '../../src/node/kinds/index.js';
import { ipvsDevice } from '../../src/node/names.js';
import { nodeState } from '../../src/node/state.js';
import { type LocalAddress, parseAddressList } from '../../src/node/tools/ip-address-list.js';
import { parseIpsetSave } from '../../src/node/tools/ipset-save.js';
import { ruleLine } from '../../src/node/tools/iptables.js';
import { parseIptablesSave, splitRule } from '../../src/node/tools/iptables-save.js';
import { parseIpvsadmList } from '../../src/node/tools/ipvsadm-list.js';
import { parseIpvsadmSave } from '../../src/node/tools/ipvsadm-save.js';
import { parseProcIpVs, surveyProcIpVs } from '../../src/node/tools/proc-ip-vs.js';
import { type FakeKernel, kernelOf } from '../support/fake-node/index.js';
import { renderAddresses } from '../support/fake-node/ip.js';
import { renderIpsetSave } from '../support/fake-node/ipset.js';
import { renderIptablesSave, restoreWords } from '../support/fake-node/iptables.js';
import { renderIpvsadmSave } from '../support/fake-node/ipvsadm.js';
import { renderProcIpVs } from '../support/fake-node/proc.js';
import { randomCluster } from '../support/random-cluster.js';
import { randomOptions } from '../support/random-options.js';
import { desiredState } from '../support/situation.js';
import { stateText } from '../support/state-text.js';

const parameters = { seed: 20261123, numRuns: 100 };

const anyState = fc.tuple(randomCluster, randomOptions).map(([cluster, options]) => desiredState(cluster, options));

/** Defines a test that what a tool prints of a kernel, parsed, is the kernel's part of the state. */
function identity(
  name: string,
  kinds: readonly Element['kind'][],
  parsed: (kernel: FakeKernel) => Iterable<Finding | LocalAddress>,
  adapt: (element: Element) => Element = element => element,
): void {
  test(name, () => {
    fc.assert(
      fc.property(anyState, state => {
        const expected = [...state.values()].filter(({ kind }) => kinds.includes(kind)).map(adapt);
        const found = [...parsed(kernelOf(state))].flatMap(item => (isElement(item) ? [adapt(item)] : []));
        expect(stateText(nodeState(found))).toEqual(stateText(nodeState(expected)));
      }),
      parameters,
    );
  });
}

describe('a parser finds in what a tool prints what the kernel has', () => {
  identity('ipset save', ['set', 'entry'], kernel => parseIpsetSave(renderIpsetSave(kernel)));
  identity('iptables-save and ip6tables-save', ['chain', 'jumps'], kernel => [
    ...parseIptablesSave(renderIptablesSave(kernel, 'IPv4', 'legacy'), 'IPv4'),
    ...parseIptablesSave(renderIptablesSave(kernel, 'IPv6', 'nft'), 'IPv6'),
  ]);
  identity('ipvsadm -S -n', ['virtual-server', 'real-server'], kernel => parseIpvsadmSave(renderIpvsadmSave(kernel)));
  identity(
    '/proc/net/ip_vs, except affinity and scheduler flags',
    ['virtual-server', 'real-server'],
    kernel => parseProcIpVs(renderProcIpVs(kernel)),
    withoutDetails,
  );
  identity('ip -d -j addr show', ['link', 'address'], kernel => parseAddressList(renderAddresses(kernel), ipvsDevice));

  test('the words of a rule, whatever characters they have', () => {
    const word = fc
      .string({ unit: fc.constantFrom(...'abc019 ,.:/-!"\'\\$`;&|*?#é'.split('')), minLength: 1, maxLength: 12 })
      .filter(text => text.trim() === text);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), words => {
        expect(restoreWords(ruleLine('-A', 'X', words))).toEqual(['-A', 'X', ...words]);
        // iptables-save puts a backslash before quotes of either kind, and quotes around what is no plain word.
        const saved = words.map(text =>
          /^[\w@%+=:,./!-]+$/.test(text) ? text : `"${text.replace(/["'\\]/g, character => `\\${character}`)}"`,
        );
        expect(splitRule(saved.join(' '))).toEqual(words);
      }),
      { ...parameters, numRuns: 500 },
    );
  });
});

const isElement = (item: Finding | LocalAddress): item is Element =>
  !['local-address', 'foreign-rules', 'foreign-use', 'connections'].includes(item.kind);

function withoutDetails(element: Element): Element {
  return element.kind === 'virtual-server' ? { ...element, persistence: undefined, flags: [] } : element;
}

describe('a parser reads what the real tools have printed:', () => {
  test('ip -j addr show of the IPVS device', () => {
    const always = '"valid_life_time":4294967295,"preferred_life_time":4294967295';
    const text = `[{"ifname":"kube-ipvs0","linkinfo":{"info_kind":"dummy"},"addr_info":[
{"family":"inet","local":"10.96.0.1","address":"10.0.0.9","prefixlen":24,"scope":"global",${always}},
{"family":"inet","local":"10.96.0.2","prefixlen":32,"scope":"link","label":"kube-ipvs0",${always}},
{"family":"inet","local":"10.96.0.3","prefixlen":32,"dynamic":true,"valid_life_time":50,"preferred_life_time":40},
{"family":"inet6","local":"fd00:96::4","prefixlen":128,"home":true,"deprecated":true,${always}},
{"family":"inet6","local":"fe80::dc9e:39ff:fe1f:f2b1","prefixlen":64,"scope":"link",${always}}]}]`;
    const address = { kind: 'address', link: 'kube-ipvs0' };
    expect([...parseAddressList(text, ipvsDevice)]).toEqual([
      { kind: 'link', name: 'kube-ipvs0', type: 'dummy' },
      { ...address, address: '10.96.0.1', prefix: 24, peer: '10.0.0.9' },
      { ...address, address: '10.96.0.2', prefix: 32 },
      { ...address, address: '10.96.0.3', prefix: 32, expires: true },
      { ...address, address: 'fd00:96::4', prefix: 128 },
    ]);
  });

  test('ipset save that could not look up the names of protocols', () => {
    const named = `create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024 maxelem 65536
add KUBE-CLUSTER-IP 10.96.6.17,tcp:6
add KUBE-CLUSTER-IP 10.96.6.17,udp:17
add KUBE-CLUSTER-IP 10.96.6.17,sctp:132
create KUBE-LOOP-BACK hash:ip,port,ip family inet hashsize 1024 maxelem 65536
add KUBE-LOOP-BACK 10.244.6.17,tcp:17,10.244.6.17
create KUBE-6-LOOP-BACK hash:ip,port,ip family inet6 hashsize 1024 maxelem 65536
add KUBE-6-LOOP-BACK fd00::6:17,udp:6,17:6::1
create KUBE-IPVS-IPS hash:ip family inet hashsize 1024 maxelem 65536
add KUBE-IPVS-IPS 10.96.6.17
`;
    const numbered = named.replaceAll(',tcp:', ',6:').replaceAll(',udp:', ',17:').replaceAll(',sctp:', ',132:');
    expect([...parseIpsetSave(numbered)]).toEqual([...parseIpsetSave(named)]);
    expect([...parseIpsetSave(numbered)]).toHaveLength(10);
  });

  test('ipvsadm -S -n', () => {
    const text = `-A -t 10.0.0.1:80 -s rr
-a -t 10.0.0.1:80 -r 10.1.0.1:8080 -m -w 1
-A -t 10.0.0.2:443 -s sh -b sh-fallback,sh-port
-A -t 10.0.0.8:80 -s mh -b${' '}
-A -t 10.0.0.9:80 -s sh -b --pe sip
-A -t 10.0.0.5:443 -s wlc -p 300 -M 255.255.255.0
-A -t 10.0.0.5:444 -s lc -p 360
-a -t 10.0.0.7:80 -r 10.1.0.8:80 -i -w 1 --tun-type ipip
-A -u 10.0.0.2:53 -s rr -o
-A --sctp-service 10.0.0.6:9999 -s rr
-A -t [fd00::1]:80 -s rr -p 600 -M 64
-a -t [fd00::1]:80 -r [fd00:1::1]:8080 -m -w 1
-A -f 10 -s rr
-a -f 10 -r 10.1.0.1:0 -g -w 1
-A -f 11 -6 -s rr
`;
    const elements = nodeState(parseIpvsadmSave(text));
    expect(elements.get('virtual-server TCP 10.0.0.2:443')).toMatchObject({ scheduler: 'sh', flags: [1, 2] });
    expect(elements.get('virtual-server TCP 10.0.0.5:443')).toMatchObject({
      persistence: { seconds: 300, netmask: '255.255.255.0' },
    });
    expect(elements.get('virtual-server TCP [fd00::1]:80')).toMatchObject({
      persistence: { seconds: 600, netmask: '64' },
    });
    expect(elements.get('virtual-server UDP 10.0.0.2:53')).toMatchObject({ onePacket: true });
    expect(elements.get('real-server TCP 10.0.0.7:80 10.1.0.8:80')).toMatchObject({ forwarding: 'tunnel' });
    // It has flag-3, for which ipvsadm has no name.
    expect(elements.get('virtual-server TCP 10.0.0.8:80')).toMatchObject({ scheduler: 'mh', flags: [] });
    expect(elements.get('virtual-server TCP 10.0.0.9:80')).toMatchObject({ flags: [], persistenceEngine: 'sip' });
    // Firewall-mark services are skipped.
    expect(elements.size).toBe(12);
  });

  test('ipvsadm -L -n', () => {
    const text = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.1.0.1:80 rr persistent 100
  -> 10.2.0.2:8080                Masq    3      7          0         
TCP  [fd00::1:2:3:4]:80 sh (sh-port)
  -> [fd00:244:1234:5678:9abc:def0:1111:2222]:18080 Masq    65535  0          12        
FWM  5 rr
  -> 10.2.0.3:0                   Route   1      0          0         
`;
    expect([...parseIpvsadmList(text)]).toEqual([
      { kind: 'connections', realServer: 'real-server TCP 10.1.0.1:80 10.2.0.2:8080', active: 7, inactive: 0 },
      {
        kind: 'connections',
        realServer: 'real-server TCP [fd00::1:2:3:4]:80 [fd00:244:1234:5678:9abc:def0:1111:2222]:18080',
        active: 0,
        inactive: 12,
      },
    ]);
    expect(() => [...parseIpvsadmList(`${text}Segmentation fault\n`)]).toThrow(SyntaxError);
  });

  test('/proc/net/ip_vs', () => {
    const text = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  0A000001:0050 rr  
  -> 0A010001:1F90      Masq    1      2          3         
TCP  [fd00:0000:0000:0000:0000:0000:0000:0001]:0050 rr persistent 60000 40000000
FWM  0000000A rr
  -> 0A010001:0000      Route   1      0          0         
SCTP  0A000006:270F rr
`;
    const found = [...parseProcIpVs(text)];
    expect(surveyProcIpVs(text)).toEqual({ needsIpvsadm: true, virtualServers: 4 });
    expect(found.flatMap(item => (item.kind === 'connections' ? [] : [keyOf(item)]))).toEqual([
      'virtual-server TCP 10.0.0.1:80',
      'real-server TCP 10.0.0.1:80 10.1.0.1:8080',
      'virtual-server TCP [fd00::1]:80',
      'virtual-server SCTP 10.0.0.6:9999',
    ]);
    expect(found.slice(1, 3)).toMatchObject([
      { weight: 1, forwarding: 'masquerade' },
      { kind: 'connections', realServer: 'real-server TCP 10.0.0.1:80 10.1.0.1:8080', active: 2, inactive: 3 },
    ]);
  });

  test('ipset save', () => {
    const text = `\
create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024 maxelem 131072 bucketsize 12 initval 0x86785a7e
add KUBE-CLUSTER-IP 10.0.0.1,tcp:80
create foreign hash:ip family inet hashsize 1024 maxelem 65536 timeout 60 comment bucketsize 12 initval 0x1
add foreign 10.0.0.9 timeout 59 comment "hi there"
create KUBE-NODE-PORT-TCP bitmap:port range 0-65535
add KUBE-NODE-PORT-TCP 30080
`;
    expect([...parseIpsetSave(text)]).toEqual([
      { kind: 'set', name: 'KUBE-CLUSTER-IP', type: 'hash:ip,port', family: 'IPv4', maximum: 131072 },
      { kind: 'entry', set: 'KUBE-CLUSTER-IP', value: '10.0.0.1,tcp:80' },
      { kind: 'set', name: 'KUBE-NODE-PORT-TCP', type: 'bitmap:port', family: undefined, maximum: undefined },
      { kind: 'entry', set: 'KUBE-NODE-PORT-TCP', value: '30080' },
    ]);
  });

  test('iptables-save with counters, other tables and comments', () => {
    const text = `# Generated by iptables-save v1.8.9 (nf_tables) on Mon Nov 23 13:06:36 2026
*mangle
:PREROUTING ACCEPT [12:345]
:KUBE-SERVICES - [0:0]
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:KUBE-SERVICES - [0:0]
:DOCKER - [0:0]
-A PREROUTING -s 192.0.2.0/24 -j DROP
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A KUBE-SERVICES -m comment --comment "it\\'s \\"it\\"" -j ACCEPT
COMMIT
# Completed on Mon Nov 23 13:06:36 2026
`;
    expect([...parseIptablesSave(text, 'IPv4')]).toEqual([
      {
        kind: 'chain',
        family: 'IPv4',
        table: 'nat',
        name: 'KUBE-SERVICES',
        rules: [['-m', 'comment', '--comment', 'it\'s "it"', '-j', 'ACCEPT']],
      },
      {
        kind: 'jumps',
        family: 'IPv4',
        table: 'nat',
        chain: 'PREROUTING',
        rules: [['-m', 'comment', '--comment', 'kubernetes service portals', '-j', 'KUBE-SERVICES']],
      },
      { kind: 'foreign-rules', jumps: 'jumps IPv4 nat PREROUTING', rules: ['-s 192.0.2.0/24 -j DROP'] },
    ]);
  });
});
