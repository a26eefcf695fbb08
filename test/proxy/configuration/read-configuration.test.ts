import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Configuration, configurationOf } from '../../../src/proxy/configuration/configuration.js';
import { configurationNotes } from '../../../src/proxy/configuration/notes.js';
import { proxyOptions } from '../../../src/proxy/configuration/proxy-options.js';
import { readConfiguration } from '../../../src/proxy/configuration/read-configuration.js';
import { defaultOptions, type ProxyOptions } from '../../../src/proxy/options.js';
import { folderWith } from '../../cli/support/folder.js';
import { recordPath } from './samples.js';

const header = 'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n';

interface ReadText {
  readonly path: string;
  readonly lines: readonly string[];
  readonly configuration: Configuration;
}

/** Reads a text as the file of `--config`. */
async function read(text: string): Promise<ReadText> {
  const path = folderWith({ 'config.yaml': text })('config.yaml');
  const lines: string[] = [];
  const reader = { readStdin: async () => '', warn: (line: string) => void lines.push(line) };
  const file = await readConfiguration(path, reader);
  const configuration = configurationOf(file, new Map());
  return { path, lines: [...lines, ...configurationNotes(configuration, file)], configuration };
}

const optionsOf = async (text: string): Promise<ProxyOptions> =>
  proxyOptions({ profile: 'full' }, (await read(header + text)).configuration, 'node-a');

const standard: ProxyOptions = { ...defaultOptions, nodeName: 'node-a' };

const kubeadm = readFileSync(recordPath('kubeadm-config-map.yaml'), 'utf8');

describe('a ConfigMap', () => {
  test('of kubeadm is as good as the file in it, and gives no line', async () => {
    const { lines, configuration } = await read(kubeadm);
    expect(lines).toEqual([]);
    expect(proxyOptions({ profile: 'full' }, configuration, 'node-a')).toEqual({
      ...standard,
      clusterCidrs: { IPv4: '10.244.0.0/16' },
      strictArp: true,
    });
    expect(configuration.values['clientConnection.kubeconfig']).toBe('/var/lib/kube-proxy/kubeconfig.conf');
  });

  test('may be one of a List, under another key, and in JSON', async () => {
    const list = {
      apiVersion: 'v1',
      kind: 'List',
      items: [
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'coredns' }, data: { Corefile: '.:53 {}' } },
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'kube-proxy-config' },
          data: { config: `${header}clusterCIDR: 10.9.0.0/16` },
        },
      ],
    };
    const { path, lines, configuration } = await read(JSON.stringify(list));
    expect(lines).toEqual([]);
    expect(configuration.values.clusterCIDR).toBe('10.9.0.0/16');
    expect(configuration.originOf('clusterCIDR')).toMatchObject({
      source: `--config ${path}, ConfigMap kube-proxy-config, data["config"]`,
    });
  });

  test('is named in errors with its key', async () => {
    const text = kubeadm.replace('mode: ipvs', 'mode: nftables').replace('verbosity: 0', 'verbosity: many');
    await expect(read(text)).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringMatching(
        /^--config \S+config\.yaml, data\["config\.conf"\]: the KubeProxyConfiguration is invalid$/,
      ),
      evidence:
        'logging.verbosity: must be a whole number, 0 or more: "many"\n' +
        'mode: must be ipvs, the only mode of kproxy (--proxy-mode=ipvs overrides a file): "nftables"',
    });
    const { configuration } = await read(kubeadm.replace('10.244.0.0/16', 'none'));
    expect(() => proxyOptions({ profile: 'full' }, configuration, 'node-a')).toThrow(
      /^--config \S+config\.yaml, data\["config\.conf"\], clusterCIDR: "none" is not a network in CIDR notation$/,
    );
  });

  test.each([
    [
      'another one',
      'apiVersion: v1\nkind: ConfigMap\ndata: { Corefile: "" }\n',
      'no ConfigMap in it holds a Kube',
      '"Corefile"',
    ],
    ['an empty one', 'apiVersion: v1\nkind: ConfigMap\n', 'no ConfigMap in it holds a Kube', 'none'],
    ['an empty List', 'apiVersion: v1\nkind: List\nitems: []\n', 'no ConfigMap in it holds a Kube', 'none'],
    [
      'two of them',
      `apiVersion: v1\nkind: ConfigMapList\nitems:\n${['kube-proxy', 'windows']
        .map(name => `- metadata: { namespace: a, name: ${name} }\n  data: { b: "kind: KubeProxyConfiguration" }\n`)
        .join('')}`,
      'there are 2 KubeProxyConfigurations in it',
      'ConfigMap a/kube-proxy "b", ConfigMap a/windows "b"',
    ],
  ])('%s is refused', async (_, text, problem, keys) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining(problem),
      evidence: `keys of data: ${keys}`,
    });
  });
});

test('- reads the configuration from standard input', async () => {
  const file = await readConfiguration('-', { readStdin: async () => kubeadm, warn: () => {} });
  expect(file.source).toBe('--config -, data["config.conf"]');
  expect(file.value.clusterCIDR).toBe('10.244.0.0/16');
});

describe('what kube-proxy only warns of', () => {
  test('fields that do not exist are named and ignored', async () => {
    const { path, lines, configuration } = await read(
      `${header}clusterCidr: 10.1.0.0/16\nudpIdleTimeout: 250ms\nipvs: { more: { deep: 1 } }\n"\\e[2J": 1\n`,
    );
    expect(lines).toEqual([
      JSON.stringify(
        `--config ${path}: no KubeProxyConfiguration of Kubernetes 1.37 has these fields, ignored: ` +
          'clusterCidr (clusterCIDR?), udpIdleTimeout, ipvs.more, \u001b[2J',
      ),
    ]);
    expect(configuration.values.clusterCIDR).toBe('');
  });

  test('of a field that is there twice the last value counts', async () => {
    const { path, lines, configuration } = await read(`${header}clusterCIDR: 10.1.0.0/16\nclusterCIDR: 10.2.0.0/16\n`);
    expect(lines).toEqual([`--config ${path}: line 4, column 1: a field is there twice: the last value counts`]);
    expect(configuration.values.clusterCIDR).toBe('10.2.0.0/16');
  });
});

describe('the options of the proxy', () => {
  test.each<readonly [string, Partial<ProxyOptions>]>([
    ['', {}],
    ['clusterCIDR: fd00:244::/32,10.244.0.0/16', { clusterCidrs: { IPv4: '10.244.0.0/16', IPv6: 'fd00:244::/32' } }],
    ['detectLocalMode: NodeCIDR\nclusterCIDR: 10.244.0.0/16', { localDetection: { by: 'NodeCIDR' } }],
    ['detectLocalMode: NodeCIDR\nclusterCIDR: no network', { localDetection: { by: 'NodeCIDR' } }],
    [
      'detectLocalMode: BridgeInterface\ndetectLocal: { bridgeInterface: cni0, interfaceNamePrefix: veth }',
      { localDetection: { by: 'BridgeInterface', name: 'cni0' } },
    ],
    [
      'detectLocalMode: InterfaceNamePrefix\ndetectLocal: { interfaceNamePrefix: fourteen.bytes }',
      { localDetection: { by: 'InterfaceNamePrefix', prefix: 'fourteen.bytes' } },
    ],
    ['detectLocal: { bridgeInterface: cni0 }', {}],
    [
      'ipvs: { tcpTimeout: 15m, tcpFinTimeout: 1h0m0.9s, udpTimeout: 999ms }',
      { ipvsTimeouts: { tcp: 900, tcpFin: 3600, udp: 0 } },
    ],
    [
      'conntrack: { maxPerCore: 0, min: 1, tcpEstablishedTimeout: 0s, tcpBeLiberal: true, udpTimeout: 30s }',
      {
        conntrack: {
          ...defaultOptions.conntrack,
          ...{ maxPerCore: 0, min: 1, tcpEstablishedTimeout: 0, tcpBeLiberal: true, udpTimeout: 30 },
        },
      },
    ],
    ['bindAddress: 0.0.0.0', {}],
    ['bindAddress: "::"', {}],
    ['bindAddress: "fd00:0::00b"', { bindAddress: 'fd00::b' }],
    ['nodePortAddresses: [10.0.0.5/8, primary, all]', { nodePortAddresses: ['primary', 'all', '10.0.0.0/8'] }],
    ['featureGates: { AllowServiceExternalIPs: false }', { servesExternalIps: false }],
    ['featureGates: { AllowServiceExternalIPs: true, KubeProxyIPVS: true }', {}],
    ['hostnameOverride: " Node-B "', { nodeName: 'node-b' }],
  ])('%j', async (text, expected) => {
    expect(await optionsOf(text)).toEqual({ ...standard, ...expected });
  });
});

describe('invalid values', () => {
  test.each([
    ['iptables: { masqueradeBit: 32 }', 'iptables.masqueradeBit: must be a whole number from 0 to 31: 32'],
    ['oomScoreAdj: -1001', 'oomScoreAdj: must be a whole number from -1000 to 1000: -1001'],
    ['conntrack: { maxPerCore: -1 }', 'conntrack.maxPerCore: must be a whole number, 0 or more: -1'],
    ['conntrack: { min: "4" }', 'conntrack.min: must be a whole number, 0 or more: "4"'],
    ['ipvs: { tcpTimeout: -1s }', 'ipvs.tcpTimeout: must be a duration and not negative: 30s, 1m30s: "-1s"'],
    ['ipvs: { syncPeriod: -1s }', 'ipvs.syncPeriod: must be a duration and longer than zero: 30s, 1m30s: "-1s"'],
    ['ipvs: { syncPeriod: "30" }', 'ipvs.syncPeriod: must be a duration and longer than zero: 30s, 1m30s: "30"'],
    [
      'ipvs: { syncPeriod: 5000000000 }',
      'ipvs.syncPeriod: must be a duration and longer than zero: 30s, 1m30s: 5000000000',
    ],
    ['bindAddress: localhost', 'bindAddress: must be an IP address: "localhost"'],
    [
      'healthzBindAddress: "::1:10256"',
      'healthzBindAddress: must be an IP address with a port: 0.0.0.0:10256, [::]:10256: "::1:10256"',
    ],
    [
      'metricsBindAddress: 127.0.0.1:0',
      'metricsBindAddress: must be an IP address with a port: 0.0.0.0:10256, [::]:10256: "127.0.0.1:0"',
    ],
    [
      'showHiddenMetricsForVersion: "1.35"',
      'showHiddenMetricsForVersion: must be 1.36, the version before kube-proxy 1.37: "1.35"',
    ],
    [
      'detectLocalMode: Other',
      'detectLocalMode: must be ClusterCIDR, NodeCIDR, BridgeInterface or InterfaceNamePrefix: "Other"',
    ],
    ['logging: { format: xml }', 'logging.format: must be text or json: "xml"'],
    ['clientConnection: { burst: -1 }', 'clientConnection.burst: must be a whole number, 0 or more: -1'],
    ['featureGates: { A: "true" }', 'featureGates: must be a mapping of names to true or false: {"A":"true"}'],
    ['ipvs: rr', 'ipvs: must be a mapping: "rr"'],
  ])('%s', async (text, problem) => {
    await expect(read(header + text)).rejects.toMatchObject({ code: 'configuration-invalid', evidence: problem });
  });

  test.each([
    ['detectLocalMode: BridgeInterface', /detectLocalMode: BridgeInterface needs the name of an interface$/],
    [
      'detectLocalMode: InterfaceNamePrefix',
      /detectLocalMode: InterfaceNamePrefix needs the beginning of the name of an interface$/,
    ],
    [
      'detectLocalMode: BridgeInterface\ndetectLocal: { bridgeInterface: "a b" }',
      /detectLocal\.bridgeInterface: "a b" cannot be the name of an interface$/,
    ],
    [
      'detectLocalMode: InterfaceNamePrefix\ndetectLocal: { interfaceNamePrefix: fifteen.letters }',
      /detectLocal\.interfaceNamePrefix: "fifteen\.letters" cannot be the beginning of the name of an interface$/,
    ],
    ['ipvs: { scheduler: RR }', /ipvs\.scheduler: "RR" is not the name of an IPVS scheduler$/],
    ['nodePortAddresses: [localhost, localhost]', /nodePortAddresses: there are two localhost$/],
  ])('%s', async (text, message) => {
    await expect(optionsOf(text)).rejects.toThrow(message);
  });
});
