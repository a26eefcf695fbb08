import { describe, expect, test } from 'vitest';
import { fakeNode, freshKernel } from '../support/fake-node/index.js';
import { fixture, sync } from '../support/run-sync.js';
import { listText, serviceObject } from '../support/sample-objects.js';
import { folderWith } from './support/folder.js';
import { kproxy } from './support/run-cli.js';

const script = (...more: readonly string[]) =>
  kproxy(['sync', '--dry-run', '--full', '--no-sudo', '--from', fixture('tutorial.yaml'), ...more]);

const configuration = (more: string): string =>
  `apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: ipvs\n${more}`;

const withConfiguration = (text: string, ...more: readonly string[]) =>
  script('--config', folderWith({ 'config.yaml': text })('config.yaml'), ...more);

describe('--config', () => {
  test('sets what it says', async () => {
    const { stdout, stderr, exitCode } = await withConfiguration(
      configuration(
        [
          'hostnameOverride: Inajob ',
          'clusterCIDR: 10.244.0.0/16',
          'iptables: { masqueradeAll: false, masqueradeBit: 9 }',
          'ipvs: { scheduler: sh, strictARP: true }',
        ].join('\n'),
      ),
    );
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(stdout).toContain('# Programs node inajob for its Services');
    expect(stdout).toContain('! -s 10.244.0.0/16');
    expect(stdout).toContain('-j MARK --set-xmark 0x200/0x200');
    expect(stdout).toContain('ipvsadm -A -t 10.254.10.128:80 -s sh');
    expect(stdout).toContain('echo 1 | tee /proc/sys/net/ipv4/conf/all/arp_ignore');
  });

  test('is overridden by flags', async () => {
    const text = configuration(
      'clusterCIDR: 10.244.0.0/16\niptables: { masqueradeAll: false }\nipvs: { scheduler: sh }',
    );
    const flags = ['--ipvs-scheduler', 'wrr', '--cluster-cidr', '10.200.0.0/16'];
    const { stdout } = await withConfiguration(text, ...flags);
    expect((await withConfiguration(text, ...flags, '--masquerade-all')).stdout).not.toContain('! -s 10.200.0.0/16');
    expect(stdout).toContain('ipvsadm -A -t 10.254.10.128:80 -s wrr');
    expect(stdout).toContain('! -s 10.200.0.0/16');
    expect(stdout).not.toContain('10.244.0.0/16');
  });

  test.each([
    [
      'another mode',
      configuration('').replace('ipvs', 'nftables'),
      'mode: must be ipvs, the only mode of kproxy (--proxy-mode=ipvs overrides a file): "nftables"',
    ],
    ['another kind', 'apiVersion: v1\nkind: Secret\n', 'kind: must be KubeProxyConfiguration: "Secret"'],
    ['a wrong type', configuration('ipvs: { strictARP: "true" }'), 'ipvs.strictARP: must be true or false: "true"'],
  ])('with %s is refused, and the problem is named', async (_, text, problem) => {
    const { stdout, stderr, exitCode } = await withConfiguration(text);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    const [message, ...details] = stderr.split('\n');
    expect(message).toMatch(/^kproxy: --config \S+config\.yaml: the KubeProxyConfiguration is invalid$/);
    expect(details).toContain(`  ${problem}`);
  });

  test.each([
    ['two documents', `${configuration('')}---\n${configuration('')}`, /has 2 documents instead of one$/],
    ['no document', '# nothing\n', /has 0 documents instead of one$/],
    ['a text', 'ipvs', /is not a mapping of fields: "ipvs"$/],
    ['truncated YAML', configuration('ipvs: { scheduler: "'), /: line 4, column 21: /],
    ['control characters', `${configuration('')}"\u001b[2J": [`, /: line 4, column \d+: /],
  ])('with %s is refused, and the message says where', async (_, text, problem) => {
    const { stdout, stderr, exitCode } = await withConfiguration(text);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    const [message = '', advice, ...more] = stderr.split('\n');
    expect(message).toMatch(/^kproxy: --config \S+config\.yaml: /);
    expect(message).toMatch(problem);
    expect(advice).toBe('Correct this file. Nothing was changed.');
    expect(more).toEqual(['']);
    expect(stderr).not.toContain('\u001b');
  });

  test.each([
    ['/no/such/config', 'there is no such file or folder'],
    ['/', 'it is a folder'],
  ])('of a file that cannot be read is refused: %s', async (path, reason) => {
    expect(await script('--config', path)).toEqual({
      stdout: '',
      stderr:
        `kproxy: --config ${path}: cannot be read: ${reason}\n` +
        'Give --config a file that holds a KubeProxyConfiguration. Nothing was changed.\n',
      exitCode: 2,
    });
  });
});

describe('contradicting flags', () => {
  test.each([
    [['sync', '--watch', '--dry-run'], '--watch and --dry-run: a script cannot follow the cluster'],
    [['sync', '--watch', '--from', '-'], '--watch and --from -: standard input is read once and cannot be followed'],
    [['sync', '--snapshot', 'node.json'], '--snapshot is for --dry-run: sync changes this machine as it is now'],
    [
      ['diff', '--snapshot', 'node.json', '--iptables-backend', 'nft'],
      '--iptables-backend and --snapshot: a snapshot has the rules of one backend, and names it',
    ],
    [['sync', '--full'], '--full is for --dry-run: sync changes this machine as it is now'],
    [['sync', '--beside-tutorial'], '--beside-tutorial is for --dry-run: sync changes this machine as it is now'],
    [
      ['sync', '--dry-run', '--beside-tutorial', '--script', 'batch'],
      '--beside-tutorial and --script batch: only the steps script has reasons that can be marked',
    ],
    [['endpoints', '--watch', '--dry-run'], '--watch writes what changes: it goes with neither --dry-run nor -o'],
    [['endpoints', '--watch', '-o', 'yaml'], '--watch writes what changes: it goes with neither --dry-run nor -o'],
    [
      ['endpoints', '--watch', '--from', '-'],
      '--watch and --from -: standard input is read once and cannot be followed',
    ],
    [['endpoints', '--watch', '-A', 'web'], 'Services cannot be named together with -A (--all-namespaces)'],
    [['endpoints', '-A', 'web'], 'Services cannot be named together with -A (--all-namespaces)'],
    [
      ['endpoints', '-A', '-n', 'shop'],
      '-A (--all-namespaces) and -n (--namespace): the one reads all namespaces, the other one',
    ],
    [
      ['endpoints', '--from', 'a.yaml', '--write', '--dry-run'],
      '--write and --dry-run: the one writes, the other prints',
    ],
    [['endpoints', '--from', 'a.yaml', '--write', '-o', 'yaml'], '--write and -o: the one writes, the other prints'],
    [
      ['endpoints', '--from', 'a.yaml', '--watch'],
      '--watch and --from: objects from files are written into a cluster only with --write',
    ],
    [
      ['sync', '--dry-run', '--beside-tutorial', '--profile', 'tutorial'],
      '--beside-tutorial and --profile tutorial: nothing in the script is beyond the tutorial',
    ],
    [['sync', '--from', '-', '--from', '-'], '--from - and --from -: standard input can be read only once'],
    [['diff', '--from', '-', '--snapshot', '-'], '--from - and --snapshot -: standard input can be read only once'],
    [['status', '--watch', '--from', '-'], '--watch and --from -: standard input is read once and cannot be followed'],
    [['status', '--watch', '--snapshot', 'node.json'], '--watch and --snapshot: a snapshot does not change'],
  ])('%j is a usage error', async (argv, message) => {
    const { stdout, stderr, exitCode } = await kproxy(argv);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr.split('\n')[0]).toBe(`kproxy: ${message}`);
  });
});

/** Without --watch they are not refused, as no flag of kube-proxy is. */
const fromKubeProxy: readonly string[] = ['--healthz-bind-address', '--metrics-bind-address'];

/** Returns the options in a command's help whose explanation begins with these words. */
async function optionsFor(command: string, words: string): Promise<readonly string[]> {
  const { stdout } = await kproxy([command, '--help']);
  const lines = stdout.replace(/\n {20,}/g, ' ').split('\n');
  return lines.flatMap(line => {
    const [, flag = '', explanation = ''] = /^ {2}(?:-\w, )?(--[a-z-]+)(?: <\w+>)? {2,}(.*)$/.exec(line) ?? [];
    return explanation.startsWith(words) ? [flag] : [];
  });
}

/** A valid value of each option that takes one. */
const values: Readonly<Record<string, string>> = {
  '--script': 'batch',
  '--log-format': 'json',
  '--sync-period': '30s',
  '--healthz-bind-address': '127.0.0.1:10256',
  '--metrics-bind-address': '127.0.0.1:10249',
};
const withValue = (flag: string): readonly string[] => [flag, ...(values[flag] === undefined ? [] : [values[flag]])];

describe('flags that have a meaning only with another one', () => {
  test.each([
    ['sync', '--dry-run', ['--script', '--full', '--beside-tutorial', '--snapshot']],
    ['cleanup', '--dry-run', ['--script']],
    ['sync', '--watch', ['--verbose', '--log-format', '--sync-period']],
    ['endpoints', '--watch', ['--verbose', '--log-format']],
  ])('%s names those for %s if it is missing', async (command, needed, flags) => {
    const explained = (await optionsFor(command, `with ${needed}:`)).filter(flag => !fromKubeProxy.includes(flag));
    expect(flags).toEqual(expect.arrayContaining([...explained]));
    for (const flag of flags) {
      const words = flag === '--snapshot' ? [flag, 'node.json'] : withValue(flag);
      const { stdout, stderr, exitCode } = await kproxy([command, ...words]);
      expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
      expect(stderr).toContain(`${flag} is for ${needed}: `);
    }
  });

  test('all of them are named at once', async () => {
    const { stderr } = await kproxy(['sync', '--script', 'steps', '--full', '--no-sudo']);
    expect(stderr).toBe('kproxy: --script, --full are for --dry-run: sync changes this machine as it is now\n');
  });

  test('their default values need no other flag', async () => {
    const { stderr, exitCode } = await kproxy(['endpoints', '--dry-run', '--from', fixture('tutorial.yaml')]);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  });
});

describe('an empty value', () => {
  test.each([
    ['sync', '--node'],
    ['sync', '--namespace'],
    ['sync', '--from'],
    ['sync', '--config'],
    ['sync', '--cluster-cidr'],
    ['diff', '--snapshot'],
    ['snapshot', '--node'],
    ['endpoints', '--namespace'],
    ['cleanup', '--ipvs-exclude-cidrs'],
    ['sync', '--kubeconfig'],
    ['sync', '--context'],
  ])('%s %s is a usage error that names the flag', async (command, flag) => {
    for (const value of ['', ' ']) {
      const { stdout, stderr, exitCode } = await kproxy([command, flag, value]);
      expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
      expect(stderr.split('\n')[0]).toBe(`kproxy: ${flag} is empty`);
    }
  });

  test.each([['--hostname-override'], ['--ipvs-scheduler'], ['--ipvs-exclude-cidrs'], ['--nodeport-addresses']])(
    'of %s is the default, as in kube-proxy, and blanks are a usage error',
    async flag => {
      const script = (...more: readonly string[]) =>
        kproxy(['sync', '--dry-run', '--full', '--no-sudo', '--from', fixture('tutorial.yaml'), ...more]);
      expect(await script(`${flag}=`)).toEqual(await script());
      expect((await script(flag, ' ')).stderr.split('\n')[0]).toBe(`kproxy: ${flag} is empty`);
    },
  );

  test('of -n is that of --namespace', async () => {
    expect((await kproxy(['endpoints', '-n', ''])).stderr.split('\n')[0]).toBe('kproxy: --namespace is empty');
  });

  test('of the name of a Service is a usage error', async () => {
    const { stderr, exitCode } = await kproxy(['endpoints', '--from', fixture('tutorial.yaml'), '']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('The name of a Service is empty');
  });

  test('of an address to serve on disables the server', async () => {
    const argv = ['sync', '--from', 'none.yaml', '--healthz-bind-address', '', '--metrics-bind-address', ''];
    expect((await kproxy(argv)).stderr.split('\n')[0]).toBe(
      '--healthz-bind-address, --metrics-bind-address: not used: sync runs once without --watch',
    );
  });
});

test('--iptables-backend of every command names one of the backends', async () => {
  const nft = await script('--iptables-backend', 'nft');
  expect(nft.stdout).toContain('\n  iptables-nft -w -t nat -N KUBE-SERVICES\n');
  expect((await script('--iptables-backend', 'auto')).stdout).toBe((await script()).stdout);
  for (const command of ['sync', 'diff', 'status', 'snapshot', 'cleanup']) {
    const { stderr, exitCode } = await kproxy([command, '--iptables-backend', 'xtables']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Allowed choices are auto, nft, legacy.');
  }
});

describe('flags', () => {
  test.each([
    ['--ipvs-scheduler', 'RR', '--ipvs-scheduler: "RR" is not the name of an IPVS scheduler'],
    ['--ipvs-scheduler', 'rr;id', '--ipvs-scheduler: "rr;id" is not the name of an IPVS scheduler'],
    ['--cluster-cidr', '10.244.0.0', '--cluster-cidr: "10.244.0.0" is not a network in CIDR notation'],
    ['--cluster-cidr', '10.244.0.0/16,10.245.0.0/16', '--cluster-cidr: there are two IPv4 networks'],
    ['--ipvs-exclude-cidrs', '10.0.0.0/33', '--ipvs-exclude-cidrs: "10.0.0.0/33" is not a network in CIDR notation'],
    ['--nodeport-addresses', 'primary,all,primary', '--nodeport-addresses: there are two primary'],
    [
      '--nodeport-addresses',
      '10.0.0.0/8x',
      '--nodeport-addresses: "10.0.0.0/8x" is neither a network in CIDR notation nor one of primary, localhost, all',
    ],
  ])('%s %s is a usage error', async (flag, value, message) => {
    const { stdout, stderr, exitCode } = await script(flag, value);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr.split('\n')[0]).toBe(`kproxy: ${message}`);
  });

  test('--ipvs-scheduler mh also hashes the port of the client, as in kube-proxy', async () => {
    expect((await script('--ipvs-scheduler', 'mh')).stdout).toContain(
      'ipvsadm -A -t 10.254.10.128:80 -s mh -b mh-port\n',
    );
  });

  test('--masquerade-all masquerades every source', async () => {
    const { stdout } = await script('--masquerade-all', '--cluster-cidr', '10.244.0.0/16');
    expect(stdout).not.toContain('! -s 10.244.0.0/16');
    expect(stdout).toMatch(
      /-A KUBE-SERVICES -m comment --comment "[^"]+" -m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ/,
    );
  });

  test.each([
    [[], ['10.10.0.11', '10.20.0.11']],
    [['10.20.0.0/16'], ['10.20.0.11']],
    [['192.0.2.0/24'], []],
  ])(
    'node ports are served on the addresses of --nodeport-addresses %j, and never on VIPs or the loopback',
    async (nodePortAddresses, addresses) => {
      const node = fakeNode(freshKernel({ addresses: ['10.10.0.11/24', '10.20.0.11/24'] }));
      const service = serviceObject('web', '10.96.0.1', { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] });
      await sync(node, { stdin: listText(service), proxy: { nodePortAddresses } });
      const served = [...node.kernel.servers.values()].filter(({ port }) => port === 30080);
      expect(served.map(({ address }) => address).sort()).toEqual(addresses);
    },
  );

  test.each([
    [true, ['10.96.0.1', '192.0.2.7']],
    [false, ['10.96.0.1']],
  ])(
    'with the feature gate AllowServiceExternalIPs %s, the node has these VIPs: %j',
    async (servesExternalIps, vips) => {
      const node = fakeNode(freshKernel());
      await sync(node, {
        stdin: listText(serviceObject('web', '10.96.0.1', { externalIPs: ['192.0.2.7'] })),
        proxy: { servesExternalIps },
      });
      const served = [...node.kernel.servers.values()].map(({ address }) => address);
      expect(served.sort()).toEqual(vips);
    },
  );

  test('--node overrides --hostname-override', async () => {
    expect((await script('--node', 'one', '--hostname-override', 'other')).stdout).toContain('# Programs node one for');
    expect((await script('--hostname-override', 'other')).stdout).toContain('# Programs node other for');
  });

  test('--profile tutorial uses the tutorial’s network by default', async () => {
    expect((await script('--profile', 'tutorial')).stdout).toContain('! -s 10.244.0.0/16');
    expect((await script('--profile', 'tutorial', '--cluster-cidr', '10.9.0.0/16')).stdout).toContain(
      '! -s 10.9.0.0/16',
    );
  });

  test('--sudo and --no-sudo decide if the commands begin with sudo', async () => {
    const argv = ['sync', '--dry-run', '--full', '--from', fixture('tutorial.yaml')];
    expect((await kproxy([...argv, '--sudo'])).stdout).toContain('sudo ipvsadm -A -t 10.254.10.128:80 -s rr\n');
    expect((await kproxy([...argv, '--no-sudo'])).stdout).not.toContain('sudo');
  });

  test('-n leaves out the other namespaces', async () => {
    const { stdout } = await script('-n', 'other');
    expect(stdout).not.toContain('10.254.10.128');
  });
});
