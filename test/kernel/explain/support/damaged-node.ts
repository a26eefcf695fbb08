import { beforeAll } from 'vitest';
import type { DatapathIndex } from '../../../../src/explain/datapath/datapath-index.js';
import { type Family, families } from '../../../../src/net/address.js';
import { ipvsDevice } from '../../../../src/node/names.js';
import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import { topology } from '../../packets/services/network.js';
import { prepareMachines } from '../../packets/services/prepare.js';
import { syncNode } from '../../packets/services/sync.js';
import { reportEveryError } from '../../packets/support/table.js';
import { bootMilliseconds, output, useNetwork } from '../../support/guest.js';
import { readDatapath } from './datapath.js';
import { tool } from './foreign-rule.js';

/** The Services of the table that the node is programmed for. */
const services = ['node-port', 'local-balancer', 'external-ip', 'open-to-outside'];

const shell = (sandbox: Sandbox, namespace: string, lines: readonly string[]) =>
  output(sandbox, ['sh', '-u'], { namespace, input: lines.map(line => `${line}\n`).join('') });

const machines = [...topology.nodes, ...topology.pods, ...topology.clients].map(({ name }) => name);

const save = (family: Family): string => `${tool(family)}-save`;
const sysctls = [
  ...['ipv4/ip_forward', 'ipv6/conf/all/forwarding', 'ipv4/vs/conntrack'],
  ...['bridge/bridge-nf-call-iptables', 'bridge/bridge-nf-call-ip6tables'],
  ...['eth0', 'cni0'].map(device => `ipv4/conf/${device}/forwarding`),
  ...['all', 'eth0', 'cni0'].map(device => `ipv4/conf/${device}/rp_filter`),
];

/** Saves the node, and returns what restores it in one process. */
async function keepNode(sandbox: Sandbox): Promise<() => Promise<void>> {
  const values = await output(sandbox, ['cat', ...sysctls.map(path => `/proc/sys/net/${path}`)], { namespace: 'node' });
  const written = values.split('\n').slice(0, sysctls.length);
  await shell(sandbox, 'node', [
    // A table that was never used is not saved, and would keep what is added to it later.
    ...families.flatMap(family =>
      ['raw', 'mangle', 'nat', 'filter'].map(table => `${tool(family)} -t ${table} -S >&2`),
    ),
    ...families.map(family => `${save(family)} >/tmp/kept.${family}`),
    'ipset save >/tmp/kept.ipset',
    'ipvsadm -Sn >/tmp/kept.ipvs',
    `ip -o addr show dev ${ipvsDevice} scope global | while read -r n dev family address rest; do
       echo addr replace $address dev ${ipvsDevice}; done >/tmp/kept.addresses`,
    'ip -4 route show >/tmp/kept.routes; ip -6 route show >/tmp/kept.routes6',
  ]);
  const lines = [
    'ipset -exist restore </tmp/kept.ipset',
    ...families.map(family => `${tool(family)}-restore </tmp/kept.${family}`),
    'ipvsadm -C; ipvsadm -R </tmp/kept.ipvs',
    'ip -batch /tmp/kept.addresses',
    'ip rule del pref 100 2>/dev/null',
    'ip route flush 192.168.33.99/32; ip route flush 10.244.2.2/32; ip -6 route flush fd00:244:2::2/128',
    'while read -r route; do ip route replace $route; done </tmp/kept.routes',
    'ip -6 route replace fd00:244:2::/64 via fd00:192:168:33::12',
    'bridge link set dev local hairpin on',
    ...sysctls.map((path, index) => `echo ${written[index]} >/proc/sys/net/${path}`),
  ];
  return async () => void (await shell(sandbox, 'node', [...lines, 'true']));
}

/** A programmed node that tests damage again and again. */
export interface DamagedNode {
  readonly sandbox: () => Sandbox;
  /** The node before any damage. */
  readonly whole: () => DatapathIndex;
  /** Damages the node with lines of sh, each on its own, reads it, does what is asked, and restores the node. */
  with<Result>(lines: readonly string[], act: (node: DatapathIndex) => Promise<Result>): Promise<Result>;
}

/** Boots a guest with a node that is programmed for some Services of the table. */
export function useDamagedNode(): DamagedNode {
  const sandbox = useNetwork(topology);
  let whole: DatapathIndex | undefined;
  let restore = async () => {};
  beforeAll(async () => {
    await prepareMachines(sandbox());
    await reportEveryError(sandbox(), machines);
    await syncNode(sandbox(), services);
    restore = await keepNode(sandbox());
    whole = await readDatapath(sandbox(), 'node');
  }, 3 * bootMilliseconds);
  return {
    sandbox,
    whole() {
      if (whole === undefined) throw new Error('the node is read before the first test');
      return whole;
    },
    async with(lines, act) {
      try {
        await shell(
          sandbox(),
          'node',
          lines.map(line => `{ ${line}; } 2>/dev/null || true`),
        );
        return await act(await readDatapath(sandbox(), 'node'));
      } finally {
        await restore();
      }
    },
  };
}
