import { describe, expect, test } from 'vitest';
import { kernelSetName } from '../../src/node/names.js';
import type { CommandResult } from '../../src/sandbox/sandbox.js';
import { allCases } from '../support/all-cases.js';
import { output, useSandbox } from './support/guest.js';
import { kproxy } from './support/kproxy.js';
import { type ProgrammedState, programmedState } from './support/node-state.js';
import { newNode, removeNode } from './support/parity-node.js';

const sandbox = useSandbox({}, async guest => void (await output(guest, ['modprobe', 'ipv6']).catch(() => undefined)));

const options = ['--from', '-', '--node', 'node-a', '--cluster-cidr', '10.244.0.0/16,fd00:244::/32'];
const inSync = 'node node-a: in sync, nothing changed\n';

const listText = (objects: readonly object[]): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });

const sync = (objects: readonly object[], ...more: readonly string[]): Promise<CommandResult> =>
  kproxy(sandbox(), 'node', ['sync', ...options, ...more], listText(objects));

async function runScript(form: 'steps' | 'batch', objects: readonly object[]): Promise<void> {
  const { stdout, exitCode } = await sync(objects, '--dry-run', '--script', form);
  expect(exitCode).toBe(0);
  const run = await sandbox().run(['sh', '-eu'], { namespace: 'node', input: stdout, timeoutMilliseconds: 300_000 });
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toEqual({ exitCode: 0, stderr: '' });
}

const ways = {
  sync: async (objects: readonly object[], stderr: string) =>
    expect(await sync(objects)).toMatchObject({ exitCode: 0, stderr }),
  'the batch script': (objects: readonly object[]) => runScript('batch', objects),
  'the steps script': (objects: readonly object[]) => runScript('steps', objects),
};

type Way = keyof typeof ways;
const everyWay: readonly Way[] = ['sync', 'the batch script', 'the steps script'];

/**
 * Programs a new node in each way, and checks that the state is the same and nothing is left to do. The last node
 * stays.
 */
async function programmedInEveryWay(
  objects: readonly object[],
  stderr = '',
  names: readonly Way[] = everyWay,
): Promise<ProgrammedState> {
  const states: ProgrammedState[] = [];
  for (const way of names) {
    const program = ways[way];
    await removeNode(sandbox(), 'node').catch(() => undefined);
    await newNode(sandbox(), 'node');
    await program(objects, stderr);
    expect({ way, ...(await sync(objects)) }).toMatchObject({ way, exitCode: 0, stderr, stdout: inSync });
    states.push(await programmedState(sandbox(), 'node'));
    expect({ way, state: states.at(-1) }).toEqual({ way, state: states[0] });
  }
  return states[0] as ProgrammedState;
}

interface ServiceGiven {
  readonly name: string;
  readonly namespace?: string;
  readonly creationTimestamp?: string;
  readonly spec: object;
  readonly ingress?: readonly object[];
}

const service = ({ name, namespace = 'default', creationTimestamp, spec, ingress = [] }: ServiceGiven): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace, creationTimestamp },
  spec,
  status: { loadBalancer: { ingress } },
});

const slice = (service: string, addresses: readonly string[], ports: readonly object[], namespace = 'default') => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {
    name: `slice-${addresses[0]?.includes(':') ? 6 : 4}-${service.slice(0, 40)}`,
    namespace,
    labels: { 'kubernetes.io/service-name': service },
  },
  addressType: addresses[0]?.includes(':') ? 'IPv6' : 'IPv4',
  endpoints: addresses.map(address => ({ addresses: [address] })),
  ports,
});

describe('on a real kernel', () => {
  test('the longest names, addresses in every spelling, and a port of three protocols are programmed', async () => {
    const [name, namespace, portName] = ['s', 'n', 'p'].map(letter => letter.repeat(63)) as [string, string, string];
    const protocols = ['TCP', 'UDP', 'SCTP'];
    const nameOf = (protocol: string) => (protocol === 'TCP' ? portName : protocol.toLowerCase());
    const ports = protocols.map(protocol => ({ name: nameOf(protocol), protocol, port: 8080 }));
    const state = await programmedInEveryWay([
      service({
        name,
        namespace,
        spec: {
          type: 'LoadBalancer',
          clusterIP: 'FD00:0096::0001',
          clusterIPs: ['FD00:0096::0001', '::ffff:10.96.0.1'],
          externalIPs: ['2001:0DB8:0:0:0:0:0:5', '::a00:7', '64:FF9B::10.0.0.1', '::FFFF:c633:6401'],
          loadBalancerSourceRanges: ['2001:DB8:0001::7/48', '::10.9.0.9/112', '::ffff:203.0.113.9/120'],
          ports: ports.map(port => ({ ...port, port: 53, nodePort: 30053 })),
        },
        ingress: [{ ip: '2001:DB8::0009' }, { ip: '::10.0.0.8' }, { ip: '198.51.100.2' }],
      }),
      slice(name, ['FD00:244:0::0003', '::a01:1'], ports, namespace),
      slice(name, ['10.244.1.3'], ports, namespace),
    ]);
    expect(state.addresses).toEqual(
      ['10.96.0.1/32', '198.51.100.1/32', '198.51.100.2/32', '2001:db8::5/128', '2001:db8::9/128']
        .concat(['64:ff9b::a00:1/128', '::10.0.0.7/128', '::10.0.0.8/128', 'fd00:96::1/128'])
        .sort(),
    );
    expect(state.sets[kernelSetName('KUBE-LOAD-BALANCER-SOURCE-CIDR', 'IPv6')]).toContain(
      '::10.0.0.8,tcp:53,::10.9.0.0/112',
    );
    expect(state.sets['KUBE-LOAD-BALANCER-SOURCE-CIDR']).toContain('198.51.100.2,udp:53,203.0.113.0/24');
    for (const option of ['-t', '-u', '--sctp-service']) {
      for (const vip of ['[fd00:96::1]', '[::10.0.0.7]', '[2001:db8::9]'])
        expect(state.ipvs).toContain(`-a ${option} ${vip}:53 -r [::10.1.0.1]:8080 -m -w 1`);
      for (const vip of ['10.96.0.1', '198.51.100.1', '198.51.100.2'])
        expect(state.ipvs).toContain(`-a ${option} ${vip}:53 -r 10.244.1.3:8080 -m -w 1`);
      expect(state.ipvs).toContain(`-a ${option} 10.10.0.11:30053 -r 10.244.1.3:8080 -m -w 1`);
    }
  });

  test('a thousand source ranges of one Service are programmed', async () => {
    const ranges = Array.from({ length: 500 }, (_, index) => [
      `100.${64 + (index >> 6)}.${(index % 64) * 4}.0/${22 + (index % 11)}`,
      `2001:DB8:${index.toString(16)}::/${48 + (index % 81)}`,
    ]).flat();
    const guarded = [
      service({
        name: 'guarded',
        spec: {
          type: 'LoadBalancer',
          clusterIP: '10.96.0.1',
          clusterIPs: ['10.96.0.1', 'fd00:96::1'],
          loadBalancerSourceRanges: ranges,
          ports: [{ port: 80 }],
        },
        ingress: [{ ip: '198.51.100.1' }, { ip: '2001:db8:ffff::1' }],
      }),
      slice('guarded', ['10.244.1.3'], [{ name: '', port: 8080 }]),
      slice('guarded', ['fd00:244::3'], [{ name: '', port: 8080 }]),
    ];
    // The steps script would start two processes for each.
    const state = await programmedInEveryWay(guarded, '', ['sync', 'the batch script']);
    expect(state.sets['KUBE-LOAD-BALANCER-SOURCE-CIDR']).toHaveLength(500);
    expect(state.sets[kernelSetName('KUBE-LOAD-BALANCER-SOURCE-CIDR', 'IPv6')]).toHaveLength(500);
    expect(state.sets['KUBE-LOAD-BALANCER-SOURCE-CIDR']).toContain('198.51.100.1,tcp:80,100.64.0.0/22');
    // The kernel prints a network of one address without its prefix length.
    expect(state.sets['KUBE-LOAD-BALANCER-SOURCE-CIDR']).toContain('198.51.100.1,tcp:80,100.64.40.0');
    expect(state.sets[kernelSetName('KUBE-LOAD-BALANCER-SOURCE-CIDR', 'IPv6')]).toContain(
      '2001:db8:ffff::1,tcp:80,2001:db8:50::',
    );
    expect(state.rules.length).toBeLessThan(100);
  });

  test('what the API server accepts and nothing can serve is left out alone, and keeps nothing else', async () => {
    const port = [{ name: '', port: 8080 }];
    const balancer = (name: string, clusterIP: string, ranges: readonly string[], ip: string) =>
      service({
        name,
        spec: { type: 'LoadBalancer', clusterIP, loadBalancerSourceRanges: ranges, ports: [{ port: 80 }] },
        ingress: [{ ip }],
      });
    const schedulers = { 'kube-router.io/service.scheduler': 'mh', 'kube-router.io/service.schedflags': 'flag-3' };
    const flagged = { ...service({ name: 'flags', spec: { clusterIP: '10.96.0.4', ports: [{ port: 80 }] } }) };
    const odd = [
      balancer('spaces', '10.96.0.2', ['\u008510.0.0.0/8\u00a0'], '198.51.100.2'),
      balancer('ranges', '10.96.0.3', ['10.0.0.0/33'], '198.51.100.3'),
      { ...flagged, metadata: { name: 'flags', namespace: 'default', annotations: schedulers } },
      service({
        name: 'addresses',
        spec: { clusterIP: '10.96.0.5', externalIPs: ['', '10.1'], ports: [{ port: 80 }] },
      }),
      slice('nobody', ['10.244.9.9'], [{ name: '', port: 70000 }]),
    ];
    const web = service({ name: 'web', spec: { clusterIP: '10.96.0.1', ports: [{ port: 80 }] } });
    const gone = service({ name: 'gone', spec: { clusterIP: '10.96.0.9', ports: [{ port: 80 }] } });
    await removeNode(sandbox(), 'node').catch(() => undefined);
    await newNode(sandbox(), 'node');
    await sync([web, gone, slice('web', ['10.244.1.3', '10.244.1.4'], port), slice('gone', ['10.244.1.5'], port)]);
    const objects = [web, slice('web', ['10.244.1.3'], port), ...odd];
    expect(await sync(objects)).toMatchObject({ exitCode: 3 });
    expect(await sync(objects)).toMatchObject({ exitCode: 3, stdout: expect.stringContaining('nothing changed') });
    const { ipvs, sets } = await programmedState(sandbox(), 'node');
    expect(ipvs).toEqual(
      ['1', '2', '3', '4', '5']
        .map(last => `-A -t 10.96.0.${last}:80 -s rr`)
        .concat('-A -t 198.51.100.2:80 -s rr', '-a -t 10.96.0.1:80 -r 10.244.1.3:8080 -m -w 1'),
    );
    expect(sets['KUBE-LOAD-BALANCER-SOURCE-CIDR']).toEqual(['198.51.100.2,tcp:80,10.0.0.0/8']);
    // Another program may set the flag, which ipvsadm then lists without a name.
    const edit = ['ipvsadm', '-E', '-t', '10.96.0.4:80', '-s', 'mh', '-b', 'flag-3'];
    await output(sandbox(), edit, { namespace: 'node' });
    expect(await sync(objects)).toMatchObject({ exitCode: 3, stdout: expect.not.stringContaining('nothing changed') });
    expect((await programmedState(sandbox(), 'node')).ipvs).toEqual(ipvs);
  });

  test('if Services claim the same, the best title and then the oldest owns it, and nothing else is lost', async () => {
    const nodePort = (name: string, age: number, clusterIP: string, more: object = {}) =>
      service({
        name,
        creationTimestamp: `2026-01-01T00:00:0${age}Z`,
        spec: { type: 'NodePort', clusterIP, ports: [{ port: 80, nodePort: 30080 }], ...more },
      });
    const external = (name: string, age: number, clusterIP: string, address: string, port: number) =>
      nodePort(name, age, clusterIP, { type: 'ClusterIP', externalIPs: [address], ports: [{ port }] });
    const objects = [
      nodePort('a', 3, '10.96.0.1'),
      nodePort('b', 1, '10.96.0.2'),
      external('c', 4, '10.96.0.3', '10.10.0.11', 30080),
      external('d', 6, '10.96.0.4', '198.51.100.1', 80),
      external('e', 5, '10.96.0.5', '198.51.100.1', 80),
      external('f', 7, '10.96.0.6', '198.51.100.1', 81),
      external('g', 8, '10.96.0.7', '10.96.0.2', 80),
      ...'abcdefg'.split('').map((name, index) => slice(name, [`10.244.1.${index + 1}`], [{ name: '', port: 8080 }])),
    ];
    const line = (name: string, virtualServer: string, owner: string, title?: string) => {
      const why = title ? `as its ${title}, which goes before the external IP of another Service` : 'which is older';
      return `default/${name}: TCP ${virtualServer} belongs to default/${owner}, ${why}, and stays with it`;
    };
    const state = await programmedInEveryWay(
      objects,
      [
        line('a', '10.10.0.11:30080', 'b'),
        line('c', '10.10.0.11:30080', 'b', 'node port'),
        line('d', '198.51.100.1:80', 'e'),
        line('g', '10.96.0.2:80', 'b', 'cluster IP'),
        '',
      ].join('\n'),
      // The owners are known before the scripts are written.
      allCases ? everyWay : ['sync'],
    );
    const real = (front: string, last: number) => `-a -t ${front} -r 10.244.1.${last}:8080 -m -w 1`;
    expect(state.ipvs.filter(server => server.startsWith('-a'))).toEqual(
      [
        ...[1, 2, 4, 5, 7].map(last => real(`10.96.0.${last}:80`, last)),
        real('10.96.0.3:30080', 3),
        real('10.96.0.6:81', 6),
        real('10.10.0.11:30080', 2),
        real('198.51.100.1:80', 5),
        real('198.51.100.1:81', 6),
      ].sort(),
    );
    expect(state.addresses).toEqual(
      ['198.51.100.1/32', ...[1, 2, 3, 4, 5, 6, 7].map(last => `10.96.0.${last}/32`)].sort(),
    );
    expect(state.sets['KUBE-NODE-PORT-TCP']).toEqual(['30080']);
    // After the older ones are removed, the others own what they claim.
    const left = objects.filter((_, index) => ![1, 4].includes(index));
    expect(await sync(left)).toMatchObject({
      exitCode: 0,
      stderr: `${line('c', '10.10.0.11:30080', 'a', 'node port')}\n`,
    });
    const after = await programmedState(sandbox(), 'node');
    expect(after.ipvs).toEqual(
      expect.arrayContaining([real('10.10.0.11:30080', 1), real('198.51.100.1:80', 4), real('10.96.0.2:80', 7)]),
    );
  });
});
