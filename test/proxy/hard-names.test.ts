import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalAddress } from '../../src/net/address.js';
import { canonicalNetwork } from '../../src/net/network.js';
import { parseIpvsadmSave } from '../../src/node/tools/ipvsadm-save.js';
import { parseProcIpVs } from '../../src/node/tools/proc-ip-vs.js';
import { type FakeNode, fakeNode, freshKernel, runCommand } from '../support/fake-node/index.js';
import { type Outcome, sync } from '../support/run-sync.js';
import { listText } from '../support/sample-objects.js';

/** The node's own address, on which its node ports are served. */
const nodeAddress = '10.10.0.11';

interface ServiceGiven {
  readonly name: string;
  readonly namespace?: string;
  /** Seconds after the first one. */
  readonly age?: number;
  readonly spec: object;
  readonly ingress?: readonly object[];
}

const service = ({ name, namespace = 'default', age = 0, spec, ingress = [] }: ServiceGiven): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace, creationTimestamp: `2026-01-01T00:00:0${age}Z` },
  spec,
  status: { loadBalancer: { ingress } },
});

interface SliceGiven {
  readonly service: string;
  readonly namespace?: string;
  readonly addresses: readonly string[];
  readonly ports?: readonly object[];
}

const slice = ({ service, namespace = 'default', addresses, ports = [{ name: '', port: 8080 }] }: SliceGiven) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {
    name: `${service.slice(0, 50)}-${addresses[0]?.includes(':') ? 6 : 4}`,
    namespace,
    labels: { 'kubernetes.io/service-name': service },
  },
  addressType: addresses[0]?.includes(':') ? 'IPv6' : 'IPv4',
  endpoints: addresses.map(address => ({ addresses: [address], conditions: { ready: true } })),
  ports,
});

interface Programmed extends Outcome {
  readonly servers: readonly string[];
  /** `SET ENTRY`. */
  readonly entries: readonly string[];
  readonly rules: readonly string[];
  readonly node: FakeNode;
}

async function programmed(...objects: readonly object[]): Promise<Programmed> {
  const node = fakeNode(freshKernel());
  const outcome = await sync(node, { stdin: listText(...objects) });
  expect(outcome).toMatchObject({ exitCode: 0, error: undefined });
  const lines = (...argv: string[]) => runCommand(node.kernel, { argv }).stdout.split('\n');
  return {
    ...outcome,
    node,
    servers: lines('ipvsadm', '-S', '-n').filter(line => line !== ''),
    entries: lines('ipset', 'save').flatMap(line => (line.startsWith('add ') ? [line.slice(4)] : [])),
    rules: [...lines('iptables-save'), ...lines('ip6tables-save')].filter(line => line.startsWith('-A ')),
  };
}

describe('an address in any notation', () => {
  test.each([
    ['2001:DB8::0001', '2001:db8::1'],
    ['2001:0DB8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['64:ff9b::10.0.0.1', '64:ff9b::a00:1'],
    ['::FFFF:10.0.0.1', '10.0.0.1'],
    ['0:0:0:0:0:ffff:0a00:0001', '10.0.0.1'],
    ['::a00:1', '::10.0.0.1'],
    ['::10.0.0.1', '::10.0.0.1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['fe80::1%eth0', undefined],
    ['10.0.0.01', undefined],
  ])('%s is %s', (text, canonical) => expect(canonicalAddress(text)).toBe(canonical));

  test.each([
    ['2001:DB8::1/32', '2001:db8::/32'],
    ['2001:0DB8::FFFF/128', '2001:db8::ffff/128'],
    ['::ffff:10.1.2.3/104', '10.0.0.0/8'],
    ['::ffff:10.1.2.3/128', '10.1.2.3/32'],
    ['::ffff:10.1.2.3/90', '::ffc0:0:0/90'],
    ['::10.0.0.77/120', '::10.0.0.0/120'],
    ['::/0', '::/0'],
  ])('the network %s is %s', (text, canonical) => expect(canonicalNetwork(text)).toBe(canonical));

  test('has one canonical text, however it is abbreviated and capitalized', () => {
    const words = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), {
      minLength: 8,
      maxLength: 8,
    });
    fc.assert(
      fc.property(words, all => {
        const plain = all.map(word => word.toString(16)).join(':');
        const full = all.map(word => word.toString(16).padStart(4, '0').toUpperCase()).join(':');
        const canonical = canonicalAddress(plain) ?? '';
        expect(canonicalAddress(full)).toBe(canonical);
        expect(canonicalAddress(canonical)).toBe(canonical);
        // The URL standard shortens as RFC 5952 does, and knows no dots.
        const shortened = new URL(`http://[${plain}]/`).hostname.slice(1, -1);
        if (!canonical.includes('.')) expect(canonical).toBe(shortened);
        else expect(shortened).toMatch(/^::(ffff:)?[0-9a-f]+:[0-9a-f]+$/);
      }),
      { seed: 20261126, numRuns: 500 },
    );
  });

  test('is read from the kernel and from ipvsadm alike', () => {
    const listing = [
      'header',
      'header',
      'header',
      'TCP  [0000:0000:0000:0000:0000:0000:0a00:0001]:0050 rr  ',
      '  -> [2001:0db8:0000:0000:0000:0000:0000:0001]:1F90      Masq    1      0          0',
      '',
    ].join('\n');
    const saved = 'A -t [::10.0.0.1]:80 -s rr\na -t [::10.0.0.1]:80 -r [2001:db8::1]:8080 -m -w 1\n';
    const fromKernel = [...parseProcIpVs(listing)];
    expect(fromKernel).toEqual([...parseIpvsadmSave(saved.replace(/^(?=.)/gm, '-'))]);
    expect(fromKernel).toMatchObject([{ address: '::10.0.0.1' }, { address: '2001:db8::1' }]);
  });

  test('programs the same node as its canonical text', async () => {
    const spelt = (address: (canonical: string, other: string) => string) => [
      service({
        name: 'web',
        spec: {
          type: 'LoadBalancer',
          clusterIP: address('fd00:96::1', 'FD00:0096::0001'),
          clusterIPs: [address('fd00:96::1', 'FD00:0096::0001'), address('10.96.0.1', '::ffff:10.96.0.1')],
          externalIPs: [
            address('2001:db8::5', '2001:0DB8:0:0:0:0:0:5'),
            address('::10.0.0.7', '::a00:7'),
            address('198.51.100.1', '::FFFF:c633:6401'),
          ],
          loadBalancerSourceRanges: [
            address('2001:db8:1::/48', ' 2001:DB8:0001::7/48'),
            address('203.0.113.0/24', '::ffff:203.0.113.9/120'),
          ],
          ports: [{ port: 80 }],
        },
        ingress: [{ ip: address('2001:db8::9', '2001:DB8::0009') }],
      }),
      slice({ service: 'web', addresses: [address('fd00:244::3', 'FD00:244:0::0003')] }),
      slice({ service: 'web', addresses: ['10.244.1.3'] }),
    ];
    const canonical = await programmed(...spelt(one => one));
    const other = await programmed(...spelt((_, text) => text));
    expect({ ...other, node: 0 }).toEqual({ ...canonical, node: 0 });
    expect(other.servers).toContain('-a -t [fd00:96::1]:80 -r [fd00:244::3]:8080 -m -w 1');
    expect(other.servers).toContain('-A -t [::10.0.0.7]:80 -s rr');
    const again = await sync(other.node, { stdin: listText(...spelt((_, text) => text)) });
    expect(again.stdout).toBe('node inajob: in sync, nothing changed\n');
  });
});

describe('the longest names', () => {
  const longest = (letter: string) => letter.repeat(63);
  const objects = [
    service({
      name: longest('s'),
      namespace: longest('n'),
      spec: {
        type: 'LoadBalancer',
        clusterIP: '10.96.0.1',
        loadBalancerSourceRanges: ['203.0.113.0/24'],
        ports: [{ name: longest('p'), port: 80, nodePort: 30080 }],
      },
      ingress: [{ ip: '198.51.100.1' }],
    }),
    slice({
      service: longest('s'),
      namespace: longest('n'),
      addresses: ['10.244.1.3'],
      ports: [{ name: longest('p'), port: 8080 }],
    }),
  ];

  test('appear in no rule, chain or set, and the names of those are short enough for the kernel', async () => {
    const { rules, node } = await programmed(...objects);
    expect(rules.join('\n')).not.toMatch(/n{63}|s{63}|p{63}/);
    const chains = [...node.kernel.tables.IPv4.values()].flatMap(table => [...table.keys()]);
    expect(chains.filter(name => name.length > 28)).toEqual([]);
    expect([...node.kernel.sets.keys()].filter(name => name.length > 31)).toEqual([]);
  });

  test.each(['steps', 'batch'] as const)(
    'appear in full only in the readable script, not in the batch script (%s)',
    async script => {
      const { stdout } = await sync(fakeNode(), { stdin: listText(...objects), dryRun: true, script });
      expect(stdout.includes(`${longest('n')}/${longest('s')}:${longest('p')}`)).toBe(script === 'steps');
    },
  );

  test('a name that is one letter longer is refused', async () => {
    const { exitCode, stderr } = await sync(fakeNode(), {
      stdin: listText(service({ name: longest('s').concat('s'), spec: { clusterIP: '10.96.0.1' } })),
    });
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('metadata.name: is longer than 63 characters');
  });
});

test('a script compares IPv6 rules by their whole text, because ip6tables -C confuses sets', async () => {
  const { stdout } = await sync(fakeNode(), {
    stdin: listText(service({ name: 'web', spec: { clusterIP: 'fd00:96::1', ports: [{ port: 80 }] } })),
    dryRun: true,
  });
  expect(stdout.split('\n')).toContain(
    '[ "$(ip6tables -w -t nat -S KUBE-SERVICES 2>/dev/null | grep -c -F -x -e ' +
      '"-A KUBE-SERVICES -m set --match-set KUBE-6-CLUSTER-IP dst,dst -j ACCEPT")" = 1 ] ||',
  );
  expect(stdout).not.toMatch(/ip6tables .* -C KUBE-/);
});

describe('one port number on several protocols', () => {
  const protocols = ['TCP', 'UDP', 'SCTP'];
  const portsOf = (names: readonly string[]) =>
    names.map(protocol => ({ name: protocol.toLowerCase(), protocol, port: 53, nodePort: 30053 }));
  const expected = protocols
    .flatMap(protocol => {
      const option = { TCP: '-t', UDP: '-u', SCTP: '--sctp-service' }[protocol];
      return ['10.96.0.1:53', `${nodeAddress}:30053`].map(at => `-A ${option} ${at} -s rr`);
    })
    .sort();
  const entries = [
    ...protocols.map(protocol => `KUBE-CLUSTER-IP 10.96.0.1,${protocol.toLowerCase()}:53`),
    'KUBE-NODE-PORT-TCP 30053',
    'KUBE-NODE-PORT-UDP 30053',
    `KUBE-NODE-PORT-SCTP-HASH ${nodeAddress},sctp:30053`,
  ];

  test('in one Service: each protocol has its own endpoints', async () => {
    const {
      stderr,
      servers,
      entries: seen,
    } = await programmed(
      service({ name: 'dns', spec: { type: 'NodePort', clusterIP: '10.96.0.1', ports: portsOf(protocols) } }),
      ...[
        slice({
          service: 'dns',
          addresses: ['10.244.1.3'],
          ports: protocols.map((protocol, index) => ({ name: protocol.toLowerCase(), protocol, port: 5301 + index })),
        }),
      ],
    );
    expect(stderr).toBe('');
    expect(servers.filter(line => line.startsWith('-A')).sort()).toEqual(expected);
    expect(seen).toEqual(expect.arrayContaining(entries));
    expect(servers).toContain('-a -t 10.96.0.1:53 -r 10.244.1.3:5301 -m -w 1');
    expect(servers).toContain('-a -u 10.96.0.1:53 -r 10.244.1.3:5302 -m -w 1');
    expect(servers).toContain('-a --sctp-service 10.96.0.1:53 -r 10.244.1.3:5303 -m -w 1');
  });

  test('in one Service for each protocol, with the same cluster IP and node port number', async () => {
    const services = protocols.map(protocol =>
      service({
        name: protocol.toLowerCase(),
        spec: { type: 'NodePort', clusterIP: '10.96.0.1', ports: portsOf([protocol]) },
      }),
    );
    const slices = protocols.map(protocol =>
      slice({
        service: protocol.toLowerCase(),
        addresses: ['10.244.1.3'],
        ports: [{ name: protocol.toLowerCase(), protocol, port: 5353 }],
      }),
    );
    const { stderr, servers, entries: seen } = await programmed(...services, ...slices);
    expect(stderr).toBe('');
    expect(servers.filter(line => line.startsWith('-A')).sort()).toEqual(expected);
    expect(servers.filter(line => line.startsWith('-a'))).toHaveLength(6);
    expect(seen).toEqual(expect.arrayContaining(entries));
  });
});

describe('two Services that claim the same address and port', () => {
  const web = (name: string, age: number, clusterIP: string, more: object = {}, ingress: readonly object[] = []) =>
    service({
      name,
      age,
      spec: { type: 'NodePort', clusterIP, ports: [{ port: 80, nodePort: 30080 }], ...more },
      ingress,
    });
  // Their order in the list is not that of their creation.
  const younger = (more = {}, ingress: readonly object[] = []) => web('a', 2, '10.96.0.1', more, ingress);
  const older = (more = {}, ingress: readonly object[] = []) => web('b', 1, '10.96.0.2', more, ingress);
  const slices = [
    slice({ service: 'a', addresses: ['10.244.1.3'] }),
    slice({ service: 'b', addresses: ['10.244.2.2'] }),
  ];
  const behind = (servers: readonly string[], at: string) =>
    servers.filter(line => line.startsWith(`-a -t ${at} `)).map(line => line.split(' ')[4]);

  test('one node port: the older Service owns it, and the younger keeps its cluster IP', async () => {
    const { stderr, servers, entries } = await programmed(younger(), older(), ...slices);
    expect(stderr).toBe(
      `default/a: TCP ${nodeAddress}:30080 belongs to default/b, which is older, and stays with it\n`,
    );
    expect(behind(servers, `${nodeAddress}:30080`)).toEqual(['10.244.2.2:8080']);
    expect(behind(servers, '10.96.0.1:80')).toEqual(['10.244.1.3:8080']);
    expect(entries).toEqual(expect.arrayContaining(['KUBE-CLUSTER-IP 10.96.0.1,tcp:80', 'KUBE-NODE-PORT-TCP 30080']));
  });

  test('one node port: the younger Service gets it when the older one is removed', async () => {
    const { node } = await programmed(younger(), older(), ...slices);
    const next = await sync(node, { stdin: listText(younger(), ...slices.slice(0, 1)) });
    expect(next).toMatchObject({ exitCode: 0, stderr: '' });
    const { stdout } = runCommand(node.kernel, { argv: ['ipvsadm', '-S', '-n'] });
    expect(behind(stdout.split('\n'), `${nodeAddress}:30080`)).toEqual(['10.244.1.3:8080']);
  });

  test('one external IP and port: the older Service owns it', async () => {
    const external = { externalIPs: ['198.51.100.1'], type: 'ClusterIP', ports: [{ port: 80 }] };
    const { stderr, servers } = await programmed(younger(external), older(external), ...slices);
    expect(stderr).toBe('default/a: TCP 198.51.100.1:80 belongs to default/b, which is older, and stays with it\n');
    expect(behind(servers, '198.51.100.1:80')).toEqual(['10.244.2.2:8080']);
    expect(behind(servers, '10.96.0.1:80')).toEqual(['10.244.1.3:8080']);
  });

  test('one external IP with different ports: both are served', async () => {
    const external = (port: number) => ({ externalIPs: ['198.51.100.1'], type: 'ClusterIP', ports: [{ port }] });
    const { stderr, servers, entries } = await programmed(younger(external(80)), older(external(81)), ...slices);
    expect(stderr).toBe('');
    expect(behind(servers, '198.51.100.1:80')).toEqual(['10.244.1.3:8080']);
    expect(behind(servers, '198.51.100.1:81')).toEqual(['10.244.2.2:8080']);
    expect(entries.filter(entry => entry === 'KUBE-IPVS-IPS 198.51.100.1')).toHaveLength(1);
  });

  /** The Service `a`, which asks for what `b` has, and `b`. The first is younger or older. */
  const taking = (more: object, ingress: readonly object[] = []) =>
    [
      ['younger', [younger(more, ingress), older()]],
      ['older', [web('a', 1, '10.96.0.1', more, ingress), web('b', 2, '10.96.0.2')]],
    ] as const;
  const loses = (what: string, title: string, other: string) =>
    `default/a: TCP ${what} belongs to default/b, as its ${title}, which goes before the ${other} of another ` +
    'Service, and stays with it\n';

  test.each(taking({ externalIPs: ['10.96.0.2'], type: 'ClusterIP', ports: [{ port: 80 }] }))(
    'a cluster IP as an external IP of a Service that is %s: it stays where it is',
    async (_age, services) => {
      const { stderr, servers, entries } = await programmed(...services, ...slices);
      expect(stderr).toBe(loses('10.96.0.2:80', 'cluster IP', 'external IP'));
      expect(behind(servers, '10.96.0.2:80')).toEqual(['10.244.2.2:8080']);
      expect(entries).not.toContain('KUBE-EXTERNAL-IP 10.96.0.2,tcp:80');
    },
  );

  test.each(taking({ type: 'LoadBalancer', ports: [{ port: 80 }] }, [{ ip: '10.96.0.2' }]))(
    'a cluster IP as a load balancer address of a Service that is %s: it stays where it is',
    async (_age, services) => {
      const { stderr, servers, entries } = await programmed(...services, ...slices);
      expect(stderr).toBe(loses('10.96.0.2:80', 'cluster IP', 'load balancer address'));
      expect(behind(servers, '10.96.0.2:80')).toEqual(['10.244.2.2:8080']);
      expect(entries).not.toContain('KUBE-LOAD-BALANCER 10.96.0.2,tcp:80');
    },
  );

  test('a load balancer address as an external IP of an older Service: it stays where it is', async () => {
    const external = { externalIPs: ['198.51.100.1'], type: 'ClusterIP', ports: [{ port: 80 }] };
    const balancer = web('b', 2, '10.96.0.2', { type: 'LoadBalancer', ports: [{ port: 80 }] }, [
      { ip: '198.51.100.1' },
    ]);
    const { stderr, servers } = await programmed(web('a', 1, '10.96.0.1', external), balancer, ...slices);
    expect(stderr).toBe(loses('198.51.100.1:80', 'load balancer address', 'external IP'));
    expect(behind(servers, '198.51.100.1:80')).toEqual(['10.244.2.2:8080']);
  });

  test.each(taking({ externalIPs: [nodeAddress], type: 'ClusterIP', ports: [{ port: 30080 }] }))(
    'a node port, and the address of the node as an external IP of a Service that is %s: the node port stays',
    async (_age, services) => {
      const { stderr, servers, entries, node } = await programmed(...services, ...slices);
      expect(stderr).toBe(loses(`${nodeAddress}:30080`, 'node port', 'external IP'));
      expect(behind(servers, `${nodeAddress}:30080`)).toEqual(['10.244.2.2:8080']);
      expect(behind(servers, '10.96.0.1:30080')).toEqual(['10.244.1.3:8080']);
      expect(entries).not.toContain(`KUBE-IPVS-IPS ${nodeAddress}`);
      expect(node.kernel.links.get('kube-ipvs0')?.addresses.map(({ address }) => address)).not.toContain(nodeAddress);
    },
  );

  test('one load balancer VIP: the source ranges of the younger Service have no effect', async () => {
    const balancer = { type: 'LoadBalancer', ports: [{ port: 80 }] };
    const ranges = { loadBalancerSourceRanges: ['203.0.113.0/24'] };
    const ingress = [{ ip: '198.51.100.1' }];
    const closed = (rules: readonly string[]) => rules.filter(rule => rule.startsWith('-A KUBE-IPVS-OUT-FILTER'));
    const lost = await programmed(younger({ ...balancer, ...ranges }, ingress), older(balancer, ingress), ...slices);
    expect(lost.stderr).toBe(
      'default/a: TCP 198.51.100.1:80 belongs to default/b, which is older, and stays with it\n',
    );
    expect(closed(lost.rules)).toEqual([]);
    expect(lost.entries.filter(entry => entry.startsWith('KUBE-LOAD-BALANCER-FW'))).toEqual([]);
    const held = await programmed(younger(balancer, ingress), older({ ...balancer, ...ranges }, ingress), ...slices);
    expect(closed(held.rules)).toHaveLength(1);
  });
});
