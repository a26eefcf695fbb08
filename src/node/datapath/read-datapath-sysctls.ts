import type { NodeAccess } from '../access.js';
import { ownSysctlNames } from '../names.js';
import type { DatapathLink } from './datapath.js';
import { failureText, type PartReading } from './part-reading.js';

type Sysctls = Readonly<Record<string, string>>;

/**
 * What decides for all devices. Those of bridges exist only with br_netfilter, those of IPVS only with ip_vs, those of
 * conntrack only with nf_conntrack.
 */
const general: readonly string[] = [
  ...ownSysctlNames,
  'net/ipv6/conf/all/forwarding',
  'net/bridge/bridge-nf-call-iptables',
  'net/bridge/bridge-nf-call-ip6tables',
  'net/ipv4/vs/snat_reroute',
];

const ofDevice = (device: string): readonly string[] => [
  ...['rp_filter', 'src_valid_mark', 'forwarding', 'route_localnet', 'accept_local'].map(
    name => `net/ipv4/conf/${device}/${name}`,
  ),
  `net/ipv6/conf/${device}/forwarding`,
];

/** Returns the parameters that are read of a node with these devices. */
export const sysctlsRead = (devices: readonly string[]): readonly string[] => [
  ...general,
  ...devices.flatMap(ofDevice),
];

/** Six files a device, each read in about 20 µs. */
const mostDevices = 400;

/**
 * Reads the kernel parameters that decide about packets. A port of a bridge has none that matters: the bridge is the
 * device that routing sees. Of very many devices, only the first are read, and a line says so.
 */
export async function readDatapathSysctls(
  node: NodeAccess,
  links: readonly DatapathLink[],
): Promise<PartReading<Sysctls>> {
  const devices = links.filter(({ isHairpin }) => isHairpin === undefined).map(({ name }) => name);
  const read = ['all', 'default', ...devices.slice(0, mostDevices)];
  const unread = devices
    .slice(mostDevices, mostDevices + 1)
    .map(first => `kernel parameters of ${devices.length - mostDevices} devices, ${first} and those after it`);
  const failures: string[] = [];
  const sysctls: Record<string, string> = {};
  await Promise.all(
    sysctlsRead(read).map(async name => {
      try {
        const value = await node.readFile(`/proc/sys/${name}`);
        if (value !== undefined) sysctls[name] = value.trim();
      } catch (error) {
        failures.push(`kernel parameter ${name}: ${failureText(error)}`);
      }
    }),
  );
  return { value: sysctls, unread: [...unread, ...failures] };
}
