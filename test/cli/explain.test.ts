import { describe, expect, test } from 'vitest';
import { fixture } from '../support/run-sync.js';
import { kproxy } from './support/run-cli.js';

const from = ['--from', fixture('tutorial.yaml'), '--node', 'inajob', '--no-sudo', '--as-desired'];
const explain = (...words: readonly string[]) => kproxy(['explain', ...words]);

describe('the command line of explain', () => {
  test('prints a matrix of all clients', async () => {
    const { stdout, exitCode } = await explain('web-service', ...from, '--cluster-cidr', '10.244.0.0/16');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^web-service on node inajob, as it should be\n/);
    expect(stdout).toContain('10.254.10.128:80/tcp, cluster IP of default/web-service');
  });

  test('prints one client in detail with --source', async () => {
    const { stdout, exitCode } = await explain('web-service', ...from, '--source', 'node');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('KUBE-SERVICES');
    expect(stdout).not.toContain('machine outside');
  });

  test('prints a line for each client with --minimal', async () => {
    const { stdout } = await explain('web-service', ...from, '--minimal');
    expect(stdout.split('\n')).toHaveLength(5);
  });

  test('prints errors as JSON too with -o json', async () => {
    const { stdout, stderr, exitCode } = await explain('nothing', ...from, '-o', 'json');
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 3 });
    const lines = stderr.trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '').error).toMatchObject({
      code: 'service-missing',
      message: 'there is no Service default/nothing',
    });
  });

  test('follows the chosen protocol', async () => {
    const { stdout, exitCode } = await explain('10.254.10.128:80', ...from, '--protocol', 'udp', '--minimal');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('udp');
    expect(stdout).not.toContain('tcp');
  });
});

describe('a part of the node', () => {
  test.each([
    ['chain', 'KUBE-FORWARD'],
    ['set', 'KUBE-CLUSTER-IP'],
    ['rule', '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000'],
    ['sysctl', 'net.ipv4.vs.conntrack'],
  ])('%s is explained', async (kind, name) => {
    const { stdout, exitCode } = await explain(kind, name, ...from);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(name.split(' ').at(-1));
    expect(JSON.parse((await explain(kind, name, ...from, '-o', 'json')).stdout)).toMatchObject({ version: 1, kind });
  });

  test('does not hide a Service of the same name', async () => {
    expect((await explain('svc/chain', ...from)).stderr).toContain('there is no Service default/chain');
  });
});

describe('a usage error', () => {
  test.each([
    [['web', '--probe', '--established'], '--probe and --established: a probe opens a connection of its own'],
    [['web', '--minimal', '--detailed'], '--minimal and --detailed: the one shows less, the other more'],
    [['web', '--minimal', '-o', 'mermaid'], '--minimal and -o mermaid: mermaid always has everything'],
    [['web', '--detailed', '-o', 'html'], '--detailed and -o html: html always has everything'],
    [['web', '--probe', '--as-desired'], '--probe and --as-desired: packets pass the node as it is'],
    [['web', '--probe', '--snapshot', 'n.json'], '--probe and --snapshot: packets pass the node as it is'],
    [
      ['web', '--as-desired', '--snapshot', 'n.json'],
      '--as-desired and --snapshot: the one is the node as it should be, the other as it was',
    ],
    [['shop/web', '-n', 'default'], 'shop/web and --namespace default: the target names another namespace'],
    [['10.0.0.1'], 'TARGET has no port: "10.0.0.1"'],
    [['web', '--source', 'nowhere'], '--source is no client: "nowhere"'],
    [['chain'], 'the name of the chain is missing'],
    [['chain', 'KUBE-FORWARD', '--source', 'node'], '--source and chain: the one is about packets, the other is not'],
    [['set', 'KUBE-LOOP-BACK', '-o', 'html'], '-o html and set: only the way of packets can be drawn'],
    [['web', 'api'], 'one TARGET at a time: "api" is a second one'],
    [[''], 'The name of a Service is empty'],
  ])('%j', async (words, message) => {
    const { stdout, stderr, exitCode } = await explain(...words);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr.split('\n')[0]).toBe(`kproxy: ${message}`);
  });

  test.each([
    [[], "missing required argument 'target'"],
    [['web', '--protocol', 'icmp'], 'Allowed choices are tcp, udp, sctp'],
    [['web', '-o', 'yaml'], 'Allowed choices are json, html, mermaid'],
  ])('%j', async (words, text) => {
    const { stdout, stderr, exitCode } = await explain(...words);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toContain(text);
  });
});

describe('the command that --probe starts', () => {
  test('prints what became of each packet as one line of JSON', async () => {
    // Port 1 of the loopback address: tcpmux, which nothing serves.
    const { stdout, exitCode } = await kproxy(['send-probe', 'tcp', '127.0.0.1', '1', '2000', '2']);
    expect(exitCode).toBe(0);
    expect(stdout).toBe('{"outcomes":["ECONNREFUSED","ECONNREFUSED"]}\n');
  });

  test('is not listed by help', async () => {
    expect((await kproxy(['--help'])).stdout).not.toContain('send-probe');
  });

  test.each([
    [['icmp', '127.0.0.1', '1', '100', '1']],
    [['tcp', 'localhost', '1', '100', '1']],
    [['tcp', '127.0.0.1', '0', '100', '1']],
    [['tcp', '127.0.0.1', '1', '1e9', '1']],
    [['tcp', '127.0.0.1', '1', '100', '1000']],
  ])('%j is a usage error', async words => {
    expect(await kproxy(['send-probe', ...words])).toMatchObject({ exitCode: 2, stdout: '' });
  });
});
