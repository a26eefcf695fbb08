import { describe, expect, test } from 'vitest';
import { applyPlan } from '../../src/node/apply.js';
import { defaultOptions, type ProxyOptions } from '../../src/proxy/options.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { batchScript } from '../../src/script/batch-script.js';
import { stepsScript } from '../../src/script/steps-script.js';
import { clusterFrom, parityOptions } from '../support/parity-case.js';
import { endpointsObject, listText, serviceObject } from '../support/sample-objects.js';
import { reconciliationOn } from '../support/synced-node.js';
import { output, outputs, useSandbox } from './support/guest.js';
import { kproxy } from './support/kproxy.js';
import { newNode } from './support/parity-node.js';
import { sandboxNode } from './support/sandbox-node.js';

const services = listText(serviceObject('web', '10.96.0.1'), endpointsObject('web', ['10.244.1.3']));
const cluster = clusterFrom(services);
const names = ['max', 'buckets', 'tcp_timeout_established', 'tcp_timeout_close_wait', 'tcp_be_liberal'];
const more = ['udp_timeout', 'udp_timeout_stream'];

/** Returns the values of parameters of conntrack, and the timeouts of IPVS, on one line. */
async function limitsOf(sandbox: Sandbox, namespace?: string): Promise<string> {
  const files = [...names, ...more].map(name => `/proc/sys/net/netfilter/nf_conntrack_${name}`);
  const options = namespace === undefined ? {} : { namespace };
  const [values = '', timeouts = ''] = await outputs(
    sandbox,
    [`cat ${files.join(' ')}`, 'ipvsadm -L --timeout'],
    options,
  );
  return `${values.trim().replaceAll('\n', ' ')}, ${timeouts.trim().replace(/.*: /, '')}`;
}

const setMaximum = (sandbox: Sandbox, maximum: number, buckets: number) =>
  outputs(sandbox, [
    `echo ${buckets} >/proc/sys/net/netfilter/nf_conntrack_buckets`,
    `echo ${maximum} >/proc/sys/net/netfilter/nf_conntrack_max`,
  ]);

const sync = (sandbox: Sandbox, node: string) =>
  kproxy(sandbox, node, ['sync', '--from', '-', '--node', 'node-a'], services);

/** Options with which every limit differs from what the kernel begins with. */
const special: ProxyOptions = {
  ...parityOptions,
  ipvsTimeouts: { tcp: 7200, tcpFin: 0, udp: 60 },
  conntrack: {
    maxPerCore: 163_840,
    min: 100_000,
    tcpEstablishedTimeout: 7201,
    tcpCloseWaitTimeout: 7202,
    tcpBeLiberal: true,
    udpTimeout: 33,
    udpStreamTimeout: 133,
  },
};
const specialLimits = '163840 40960 7201 7202 1 33 133, 7200 120 60';

describe('on a real kernel', () => {
  const sandbox = useSandbox();

  test('one sync after a boot sets the limits, and lowers none that the kernel begins with', async () => {
    const guest = sandbox();
    // The sandbox loads the module at boot, which a machine does not.
    await output(guest, ['modprobe', '-r', 'nf_conntrack']);
    expect((await guest.run(['ls', '/proc/sys/net/netfilter/nf_conntrack_max'])).exitCode).not.toBe(0);
    const { plan } = await reconciliationOn(sandboxNode(guest), cluster, parityOptions);
    expect((await applyPlan(sandboxNode(guest), plan)).refused).toEqual([]);
    expect(await limitsOf(guest)).toBe('262144 32768 86400 3600 0 30 120, 900 120 300');
  });

  test('a sync raises the limits of the whole machine, and a second one changes nothing', async () => {
    const guest = sandbox();
    await setMaximum(guest, 1000, 2048);
    const node = sandboxNode(guest);
    await applyPlan(node, (await reconciliationOn(node, cluster, special)).plan);
    expect(await limitsOf(guest)).toBe(specialLimits);
    expect((await reconciliationOn(node, cluster, special)).plan).toEqual([]);
    await applyPlan(node, (await reconciliationOn(node, cluster, parityOptions)).plan);
    expect(await limitsOf(guest)).toBe('163840 40960 86400 3600 1 33 133, 7200 120 60');
  });

  test.each(['steps', 'batch'] as const)('the %s script sets all limits, and never lowers one', async form => {
    const guest = sandbox();
    await setMaximum(guest, 1000, 2048);
    await output(guest, ['ipvsadm', '--set', '900', '120', '300']);
    const { plan, desired } = await reconciliationOn(sandboxNode(guest), cluster, special);
    const style = { nodeName: 'node-a', startsFrom: 'its state', sudo: false, iptables: 'default' as const };
    const { reasons } = desired;
    const script =
      form === 'batch'
        ? batchScript(plan, style)
        : stepsScript(plan, { ...style, reasons, servicePortsOf: () => [], tutorial: undefined });
    await output(guest, ['sh'], { input: script });
    expect(await limitsOf(guest)).toBe(specialLimits);
    await setMaximum(guest, 200_000, 51_200);
    await output(guest, ['sh'], { input: script });
    expect(await limitsOf(guest)).toBe('200000 51200 7201 7202 1 33 133, 7200 120 60');
  });

  test('a network namespace other than the first is synced, with a line about the limits', async () => {
    const guest = sandbox();
    await setMaximum(guest, 1000, 2048);
    await newNode(guest, 'node-a');
    const first = await sync(guest, 'node-a');
    expect({ stderr: first.stderr, exitCode: first.exitCode }).toEqual({
      stderr:
        'net.netfilter.nf_conntrack_max is 1000 and should be at least 131072, net.netfilter.nf_conntrack_buckets is ' +
        '2048 and should be at least 32768: only the first network namespace of the machine can set that. Set it ' +
        'there, or set conntrack.maxPerCore to 0.\n',
      exitCode: 0,
    });
    expect(await limitsOf(guest, 'node-a')).toBe('1000 2048 86400 3600 0 30 120, 900 120 300');
  });
});

test('the defaults are those of kube-proxy', () =>
  expect([defaultOptions.conntrack, defaultOptions.ipvsTimeouts]).toEqual([
    {
      maxPerCore: 32_768,
      min: 131_072,
      tcpEstablishedTimeout: 86_400,
      tcpCloseWaitTimeout: 3_600,
      tcpBeLiberal: false,
      udpTimeout: 0,
      udpStreamTimeout: 0,
    },
    { tcp: 0, tcpFin: 0, udp: 0 },
  ]));
