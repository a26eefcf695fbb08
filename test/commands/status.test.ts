import { describe, expect, test } from 'vitest';
import { runStatus, type StatusOptions, watchStatus } from '../../src/commands/status.js';
import { type FakeNode, fakeNode, parse, runCommand } from '../support/fake-node/index.js';
import { fromStdin, outcomeOf } from '../support/run-command.js';
import { type Outcome, sync, tutorialProxy } from '../support/run-sync.js';
import { endpointsObject, listText, serviceObject } from '../support/sample-objects.js';
import { connect } from '../sync/support/programmed-node.js';

const web = serviceObject('web', '10.96.0.1', {
  externalIPs: ['198.51.100.1'],
  ports: [{ name: 'http', port: 80 }],
});
const webEndpoints = (...addresses: readonly string[]) =>
  endpointsObject('web', addresses, [{ name: 'http', port: 8080 }]);
const dns = { ...serviceObject('dns', '10.96.0.9', { ports: [{ port: 53, protocol: 'UDP' }] }) };
const cluster = listText(web, webEndpoints('10.244.1.3', '10.244.1.4'), dns);

const optionsWith = (options: Partial<StatusOptions>): StatusOptions => ({
  source: fromStdin,
  proxy: tutorialProxy,
  namespace: undefined,
  allowEmpty: false,
  snapshot: undefined,
  output: 'text',
  isColored: false,
  ...options,
});
const status = (node: FakeNode, stdin = cluster, options: Partial<StatusOptions> = {}): Promise<Outcome> =>
  outcomeOf(io => runStatus(optionsWith(options), node, io), stdin);

async function programmedNode(): Promise<FakeNode> {
  const node = fakeNode();
  await sync(node, { stdin: cluster });
  connect(node, 'TCP 10.96.0.1:80', '10.244.1.3:8080', 3);
  connect(node, 'TCP 198.51.100.1:80', '10.244.1.4:8080', 4);
  return node;
}

const change = (node: FakeNode, ...commands: readonly string[]): void => {
  for (const command of commands) runCommand(node.kernel, { argv: command.split(' ') });
};

describe('status of a node in sync', () => {
  test('has one row for each Service port with all its connections, and ends with 0', async () => {
    expect(await status(await programmedNode())).toEqual({
      stdout: `NAMESPACE   SERVICE-PORT   VIP               PROTOCOL   SCHEDULER   READY   ACTIVE   INACTIVE   IN-SYNC
default     dns            10.96.0.9:53      UDP        rr          0/0     0        0          yes
default     web:http       10.96.0.1:80 +1   TCP        rr          2/2     7        0          yes
`,
      stderr: '',
      exitCode: 0,
      error: undefined,
    });
  });

  test('has one row for each real server with --wide', async () => {
    const { stdout, exitCode } = await status(await programmedNode(), cluster, { output: 'wide' });
    expect(exitCode).toBe(0);
    const [header, ...rows] = stdout.split('\n').map(line => line.replace(/ {2,}/g, ' | '));
    // Real servers are in the kernel's order.
    expect([header, ...rows.sort()]).toEqual([
      'NAMESPACE | SERVICE-PORT | VIP | PROTOCOL | SCHEDULER | REAL-SERVER | WEIGHT | ACTIVE | INACTIVE | STATE',
      '',
      'default | dns | 10.96.0.9:53 | UDP | rr | <none>',
      'default | web:http | 10.96.0.1:80 | TCP | rr | 10.244.1.3:8080 | 1 | 3 | 0 | ready',
      'default | web:http | 10.96.0.1:80 | TCP | rr | 10.244.1.4:8080 | 1 | 0 | 0 | ready',
      'default | web:http | 198.51.100.1:80 | TCP | rr | 10.244.1.3:8080 | 1 | 0 | 0 | ready',
      'default | web:http | 198.51.100.1:80 | TCP | rr | 10.244.1.4:8080 | 1 | 4 | 0 | ready',
    ]);
  });

  test('has every real server in JSON', async () => {
    const { stdout } = await status(await programmedNode(), cluster, { output: 'json' });
    const said = JSON.parse(stdout);
    expect(said).toMatchObject({ node: 'inajob', inSync: true, nodeDifferences: [] });
    expect(said.servicePorts).toMatchObject([
      { servicePort: 'default/dns', virtualServers: [{ protocol: 'UDP', realServers: [] }], differences: 0 },
      {
        servicePort: 'default/web:http',
        differences: 0,
        virtualServers: [
          {
            address: '10.96.0.1',
            port: 80,
            scheduler: 'rr',
            present: true,
            realServers: expect.arrayContaining([
              {
                address: '10.244.1.3',
                port: 8080,
                state: 'ready',
                weight: 1,
                activeConnections: 3,
                inactiveConnections: 0,
              },
            ]),
          },
          { address: '198.51.100.1' },
        ],
      },
    ]);
  });

  test('says that there are no Services', async () => {
    const node = fakeNode();
    await sync(node, { stdin: listText(), allowEmpty: true });
    expect(await status(node, listText(), { allowEmpty: true })).toMatchObject({
      stdout: 'no Service ports\n',
      exitCode: 0,
    });
  });
});

describe('status of a node that is not in sync', () => {
  const stateOf = async (node: FakeNode, stdin = cluster) => {
    const { stdout, exitCode } = await status(node, stdin, { output: 'wide' });
    const rows = stdout.split('\n\n')[0]?.split('\n').slice(1).filter(Boolean) ?? [];
    return {
      exitCode,
      states: rows.map(row => row.trim().split(/ {2,}/)).map(cells => [cells[2], cells[5], cells[9]].join(' ')),
    };
  };

  test('distinguishes missing, different and unwanted real servers, and ends with 1', async () => {
    const node = await programmedNode();
    change(
      node,
      'ipvsadm -d -t 10.96.0.1:80 -r 10.244.1.3:8080',
      'ipvsadm -e -t 10.96.0.1:80 -r 10.244.1.4:8080 -m -w 5',
      'ipvsadm -a -t 198.51.100.1:80 -r 10.244.9.9:8080 -m -w 1',
    );
    const { states, exitCode } = await stateOf(node);
    expect(exitCode).toBe(1);
    expect([...states].sort()).toEqual(
      [
        '10.96.0.9:53 <none> ',
        '10.96.0.1:80 10.244.1.3:8080 missing',
        '10.96.0.1:80 10.244.1.4:8080 different',
        '198.51.100.1:80 10.244.1.3:8080 ready',
        '198.51.100.1:80 10.244.1.4:8080 ready',
        '198.51.100.1:80 10.244.9.9:8080 unwanted',
      ].sort(),
    );
    expect((await status(node)).stdout).toMatch(/web:http .* 0\/2 +4 +0 +no \(3\)\n/);
  });

  test('counts draining real servers as in sync, and not as ready', async () => {
    const node = await programmedNode();
    const fewer = listText(web, webEndpoints('10.244.1.4'), dns);
    await sync(node, { stdin: fewer });
    const { states, exitCode } = await stateOf(node, fewer);
    expect(exitCode).toBe(0);
    expect(states).toContain('10.96.0.1:80 10.244.1.3:8080 draining');
    expect((await status(node, fewer)).stdout).toMatch(/web:http .* 1\/1 +7 +0 +yes\n/);
  });

  test('shows a missing virtual server', async () => {
    const node = await programmedNode();
    change(node, 'ipvsadm -D -u 10.96.0.9:53');
    expect((await status(node)).stdout).toMatch(/dns +10\.96\.0\.9:53 +UDP +<missing> +0\/0 +0 +0 +no \(1\)\n/);
  });

  test('points to explain for the first Service port that is not in sync, in text only', async () => {
    const node = await programmedNode();
    const hint = 'kproxy explain default/web:http shows what that does to a packet';
    expect((await status(node)).stdout).not.toContain('kproxy explain');
    change(node, 'ipvsadm -D -t 10.96.0.1:80');
    for (const output of ['text', 'wide'] as const)
      expect((await status(node, cluster, { output })).stdout.endsWith(`\n\n${hint}\n`)).toBe(true);
    expect((await status(node, cluster, { output: 'json' })).stdout).not.toContain('kproxy explain');
  });

  test('shows leftover virtual servers, and differences of the node itself', async () => {
    const node = await programmedNode();
    change(node, 'ipvsadm -A -t 10.96.0.1:81 -s rr');
    node.kernel.sysctls.set('net/ipv4/vs/conntrack', '0');
    const { stdout, exitCode } = await status(node);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/\n<none> +<none> +10\.96\.0\.1:81 +TCP +rr +0\/0 +0 +0 +no \(1\)\n/);
    expect(stdout).toContain(
      '\nthe node itself\n  ~ sysctl net.ipv4.vs.conntrack = 1\n      value is 0, should be 1\n',
    );
  });

  test('counts stale UDP flows among the differences of their Service', async () => {
    const node = await programmedNode();
    parse('conntrack -I -p udp -d 10.96.0.9 --dport 53 -r 10.244.1.99\n', node.kernel);
    const { stdout, exitCode } = await status(node);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/\ndefault +dns +10\.96\.0\.9:53 +UDP .* no \(1\)\n/);
  });

  test('changes nothing', async () => {
    const node = await programmedNode();
    change(node, 'ipvsadm -D -u 10.96.0.9:53');
    const before = node.changing.length;
    await status(node);
    expect(node.changing).toHaveLength(before);
  });
});

describe('status in trouble', () => {
  test('names an invalid object, and ends with 3', async () => {
    const bad = listText(web, webEndpoints('10.244.1.3', '10.244.1.4'), serviceObject('dns', '10.96.0.300'));
    expect(await status(await programmedNode(), bad)).toMatchObject({
      stderr: expect.stringContaining('Service default/dns: spec.clusterIP'),
      exitCode: 3,
    });
  });

  test('ends with 4 if the node cannot be read', async () => {
    const node = fakeNode();
    node.broken.set('iptables-save', { stdout: '', stderr: 'no\n', exitCode: 1 });
    expect(await status(node)).toMatchObject({ stdout: '', exitCode: 4, error: { code: 'tool-failed' } });
  });
});

describe('status --watch', () => {
  test('prints the status when it has changed, and ends with the exit code of the last one', async () => {
    const node = await programmedNode();
    const looks = [() => {}, () => change(node, 'ipvsadm -D -u 10.96.0.9:53'), () => {}];
    const { stdout, exitCode } = await outcomeOf(
      io =>
        watchStatus(optionsWith({}), node, io, {
          pause: async () => {
            const next = looks.shift();
            next?.();
            return next === undefined ? 'stop' : 'again';
          },
        }),
      cluster,
    );
    expect(exitCode).toBe(1);
    expect(stdout.match(/NAMESPACE/g)).toHaveLength(2);
    expect(stdout.split('\n\n')[1]).toContain('<missing>');
  });
});
