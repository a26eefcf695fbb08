import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { isForWatchOnly, kubeProxyFlagAt, kubeProxyFlagNames } from '../../src/proxy/configuration/flags.js';
import { recordLines } from '../proxy/configuration/samples.js';
import { fixture } from '../support/run-sync.js';
import { folderWith } from './support/folder.js';
import { kproxy } from './support/run-cli.js';

const script = (...more: readonly string[]) =>
  kproxy(['sync', '--dry-run', '--full', '--no-sudo', '--from', fixture('tutorial.yaml'), '--node', 'a', ...more]);

const commands = ['sync', 'diff', 'status', 'explain'];
const recorded = recordLines('flags.txt').map(line => line.split(' ') as [flag: string, type?: string]);

describe.each([...commands, 'cleanup'])('%s', command => {
  test.each(recorded.filter(([flag]) => flag !== '--version'))('takes %s of kube-proxy', async (flag, type) => {
    const forms = type === undefined ? [[flag], [`${flag}=true`], [`${flag}=false`]] : [[flag, '1'], [`${flag}=1`]];
    const withUnderscores = `--${flag.slice(2).replaceAll('-', '_')}=${type === undefined}`;
    for (const words of [...forms, [withUnderscores]]) {
      const { stdout, stderr, exitCode } = await kproxy([command, ...words, '--no-such-flag']);
      expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
      expect(stderr).toContain("unknown option '--no-such-flag'");
    }
  });

  test.each([['-v', '4'], ['-v=4'], ['-v4'], ['--v=4'], ['--v', '4']])('takes %s %s', async (...words) => {
    const { stderr } = await kproxy([command, ...words.filter(word => word !== undefined), '--no-such-flag']);
    expect(stderr).toContain("unknown option '--no-such-flag'");
  });
});

describe.each(commands)('%s', command => {
  test.each([['--cleanup'], ['--init-only=true'], ['--write-config-to', '/tmp/file']])(
    'says what to do in place of %s',
    async (...words) => {
      const name = words[0]?.split('=')[0];
      const target = command === 'explain' ? ['web'] : [];
      const { stdout, stderr, exitCode } = await kproxy([command, ...target, '--from', 'none.yaml', ...words]);
      expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
      expect(stderr.split('\n')[0]).toBe(`kproxy: ${name} is a task of kube-proxy, not an option of kproxy`);
    },
  );
});

describe('cleanup', () => {
  const header = 'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n';
  const configuration = (ipvs: string, mode: string) =>
    folderWith({
      'config.yaml': `${header}mode: ${mode}\n${ipvs}`,
    })('config.yaml');

  test('uses the excluded networks of the file and of the flag, and names what is wrong with them', async () => {
    const file = configuration('ipvs: { excludeCIDRs: [10.0.0.0] }', 'iptables');
    const byFile = await kproxy(['cleanup', '--cleanup', '--v=2', '--proxy-mode=iptables', '--config', file]);
    expect(byFile.stderr.split('\n')[0]).toBe(
      `kproxy: --config ${file}, ipvs.excludeCIDRs: "10.0.0.0" is not a network in CIDR notation`,
    );
    const byFlag = await kproxy(['cleanup', '--config', file, '--ipvs_exclude_cidrs=x']);
    expect(byFlag.stderr.split('\n')[0]).toBe('kproxy: --ipvs-exclude-cidrs: "x" is not a network in CIDR notation');
  });

  test.each([['--init-only'], ['--write-config-to=file']])('refuses %s, which is another task', async word => {
    const { stderr, exitCode } = await kproxy(['cleanup', word]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('is a task of kube-proxy, not an option of kproxy');
  });
});

test('other commands do not take the flags of kube-proxy', async () => {
  const { stderr, exitCode } = await kproxy(['endpoints', '--proxy-mode=ipvs']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("unknown option '--proxy-mode=ipvs'");
});

test.each(commands)('the help of %s says that it takes the flags of kube-proxy, and lists none', async command => {
  const { stdout } = await kproxy([command, '--help']);
  expect(stdout).toContain('All other flags of kube-proxy 1.37 are taken too');
  expect(stdout).not.toContain('--kube-api-qps');
});

test.each([['--version=true'], ['--version=raw'], ['sync', '--version=raw']])(
  '%j prints the version',
  async (...words) => {
    expect(await kproxy(words)).toEqual(await kproxy(['--version']));
  },
);

describe('flags for a kproxy that stays', () => {
  const staying = kubeProxyFlagNames.filter(name => isForWatchOnly(kubeProxyFlagAt(name)));
  const values: Readonly<Record<string, string>> = {
    'healthz-bind-address': '127.0.0.1',
    'logging-format': 'json',
    'metrics-bind-address': '127.0.0.1',
    'ipvs-min-sync-period': '1s',
    'ipvs-sync-period': '1s',
  };
  const value = (name: string) =>
    name === 'bind-address-hard-fail' ? [`--${name}`] : [`--${name}`, values[name] ?? '1'];

  test('are all named by a sync without --watch, and not used', async () => {
    const { stdout, stderr, exitCode } = await script(...staying.flatMap(value));
    expect({ stdout, exitCode }).toEqual({ stdout: (await script()).stdout, exitCode: 0 });
    const [, names = ''] = /^(.*): not used: sync runs once without --watch\n$/.exec(stderr) ?? [];
    expect(names.split(', ').sort()).toEqual(staying.map(name => `--${name}`).sort());
  });

  test('are named by the commands that never stay, and not used', async () => {
    const { stderr } = await kproxy(['diff', '--from', 'none.yaml', '--oom-score-adj=-1', '--v=2', '--healthz-port=0']);
    expect(stderr.split('\n')[0]).toBe(
      '--healthz-port, --oom-score-adj, --v: not used: diff does not stay, as sync --watch does',
    );
  });
});

describe('flags in the syntax of kube-proxy', () => {
  test('give the same script as the fields of a file', async () => {
    const text = [
      'apiVersion: kubeproxy.config.k8s.io/v1alpha1',
      'kind: KubeProxyConfiguration',
      'clusterCIDR: 10.244.0.0/16',
      'iptables: { masqueradeBit: 9, masqueradeAll: true }',
      'ipvs: { scheduler: wrr, strictARP: true }',
    ].join('\n');
    const config = folderWith({ 'config.yaml': text })('config.yaml');
    const flags = [
      '--cluster_cidr=10.244.0.0/16',
      '--iptables-masquerade-bit=9',
      '--masquerade-all',
      '--proxy-mode=ipvs',
    ];
    const byFlags = await script(...flags, '--ipvs_scheduler', 'wrr', '--ipvs-strict-arp=1');
    expect(byFlags).toEqual(await script('--config', config));
    expect(byFlags.stderr).toBe('');
    // Flags override the file, also to turn something off.
    expect(await script('--config', config, '--masquerade-all=false', '--ipvs-strict-arp=false')).toEqual(
      await script('--cluster-cidr=10.244.0.0/16', '--iptables-masquerade-bit=9', '--ipvs-scheduler=wrr'),
    );
  });

  test('of a repeated flag the last counts', async () => {
    const plain = await script();
    const all = await script('--masquerade-all');
    expect(all).not.toEqual(plain);
    expect(await script('--masquerade-all', '--masquerade-all=false')).toEqual(plain);
    expect(await script('--masquerade-all=false', '--masquerade-all')).toEqual(all);
    expect(await script('--masquerade-all=false', '--masquerade_all=T')).toEqual(all);
  });

  test('lists add up', async () => {
    const { stderr } = await script('--nodeport-addresses=primary', '--nodeport-addresses=10.0.0.0/8,primary');
    expect(stderr.split('\n')[0]).toBe('kproxy: --nodeport-addresses: there are two primary');
  });

  test.each([
    [['--watch=yes'], '--watch: must be true or false: "yes"'],
    [
      ['--proxy-mode=iptables'],
      '--proxy-mode: must be ipvs, the only mode of kproxy (--proxy-mode=ipvs overrides a file): "iptables"',
    ],
    [['--conntrack-min=-1'], '--conntrack-min: must be a whole number, 0 or more: -1'],
    [['--conntrack-min', 'many'], '--conntrack-min: must be a whole number, 0 or more: "many"'],
    [['--ipvs-tcp-timeout', '10'], '--ipvs-tcp-timeout: must be a duration and not negative: 30s, 1m30s: "10"'],
    [['--config-sync-period=0'], '--config-sync-period: must be a duration and longer than zero: 30s, 1m30s: "0"'],
    [['--feature-gates=A'], '--feature-gates: must be a mapping of names to true or false: "A"'],
    [['--vmodule=a=b'], '--vmodule: must be a list of filePattern and verbosity: "a=b"'],
    [['--detect-local-mode=BridgeInterface'], '--detect-local-mode: BridgeInterface needs the name of an interface'],
  ])('%j is a usage error', async (words, message) => {
    const { stdout, stderr, exitCode } = await script(...words);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr.split('\n')[0]).toBe(`kproxy: ${message}`);
  });

  test('an empty value is the default', async () => {
    expect(await script('--bind-address=', '--detect-local-mode', '', '--feature-gates=')).toEqual(await script());
  });

  test('what kproxy does instead is said in one line for each reason', async () => {
    const { stderr, exitCode } = await script(
      ...['--kube-api-qps=50', '--kube-api-burst=100', '--profiling', '--iptables-localhost-nodeports=false'],
      ...['--config-sync-period=15m', '--feature-gates=AllAlpha=true,KubeProxyIPVS=true', '--vmodule=proxier=4'],
    );
    expect(exitCode).toBe(0);
    expect(stderr).toBe(
      [
        '--kube-api-qps, --kube-api-burst: not used: ' +
          'kproxy makes a few requests when it starts and does not limit them',
        '--vmodule: not used: kproxy has one verbosity: logging.verbosity',
        '--profiling: not used: kproxy serves no profiles',
        '--feature-gates: AllAlpha: not used: kproxy has no such feature gate\n',
      ].join('\n'),
    );
  });
});

test('the whole script for another node does not depend on the processors of this machine', async () => {
  const { stdout } = await script('--conntrack-max-per-core=1000000', '--conntrack-min=7');
  expect(stdout).toContain('keeps it. It is conntrack.min, because the number of processors is unknown.\n');
  expect(stdout).toContain('echo 7 | tee /proc/sys/net/netfilter/nf_conntrack_max');
  const here = await script('--conntrack-max-per-core=1000000', '--node', hostname());
  expect(here.stdout).toMatch(/It is (conntrack.maxPerCore for each of|the most that conntrack.maxPerCore)/);
});

describe('flags that kube-proxy had once', () => {
  test('are taken, and one line names them', async () => {
    const old = ['--logtostderr=false', '--log-dir=/var/log/kube-proxy', '--cleanup-ipvs=true', '--conntrack-max', '0'];
    const { stdout, stderr, exitCode } = await script(...old, '--alsologtostderr');
    expect({ stdout, exitCode }).toEqual({ stdout: (await script()).stdout, exitCode: 0 });
    expect(stderr).toBe(
      '--alsologtostderr, --logtostderr, --cleanup-ipvs, --log-dir, --conntrack-max: not used: ' +
        'kube-proxy 1.37 does not have them either\n',
    );
  });
});

test('the configuration may come from standard input with --watch, objects may not', async () => {
  const message = async (...words: readonly string[]) =>
    (await kproxy(['sync', '--watch', ...words])).stderr.split('\n')[0];
  expect(await message('--from', '-')).toContain('standard input is read once and cannot be followed');
  expect(await message('--config', '-', '--from', '-')).toContain('--from -: standard input is read once');
  expect(await message('--config', '-', '--config=-', '--cleanup')).toContain('--cleanup is a task of kube-proxy');
});
