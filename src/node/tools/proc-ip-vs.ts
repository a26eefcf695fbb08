import { ipv6Text, type Protocol } from '../../cluster/network-schema.js';
import type { Element, Forwarding, VirtualServerAddress } from '../element.js';
import { singleClient } from './ipvsadm.js';

const forwardings: Readonly<Record<string, Forwarding>> = {
  Masq: 'masquerade',
  Route: 'route',
  Tunnel: 'tunnel',
  Local: 'local',
};

/** `0A000001:0050` or `[fd00:0000:…:0001]:0050`. */
function parseHexAddress(text: string): { readonly address: string; readonly port: number } {
  const colon = text.lastIndexOf(':');
  const port = Number.parseInt(text.slice(colon + 1), 16);
  if (text.startsWith('[')) return { address: ipv6Text(text.slice(1, colon - 1)), port };
  const bits = Number.parseInt(text.slice(0, colon), 16);
  if (colon !== 8 || Number.isNaN(bits) || Number.isNaN(port))
    throw new SyntaxError(`not an address and port: ${text}`);
  return { address: `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`, port };
}

export interface ProcIpVs {
  readonly elements: readonly Element[];
  /** Where this is set the listing does not have all: it tells affinity in jiffies of an unknown length, and scheduler flags not at all. */
  readonly needsIpvsadm: boolean;
  /** How many virtual servers are listed, those of firewall marks included. */
  readonly virtualServers: number;
}

const flaggedSchedulers = new Set(['sh', 'mh']);

/**
 * The kernel's own listing, which costs a fifteenth of `ipvsadm -S`, and has the connections of each real server too.
 * @throws SyntaxError on a line that the kernel would not print.
 */
export function parseProcIpVs(text: string): ProcIpVs {
  const elements: Element[] = [];
  let needsIpvsadm = false;
  let virtualServers = 0;
  let server: VirtualServerAddress | undefined;
  for (const line of text.split('\n').slice(3)) {
    if (line === '') continue;
    const words = line.trim().split(/\s+/);
    if (words[0] === '->') {
      // Real servers of a firewall-mark service, which is nobody's Service port.
      if (server === undefined) continue;
      const [, address = '', forwarding = '', weight, active, inactive] = words;
      elements.push({
        kind: 'real-server',
        server,
        ...parseHexAddress(address),
        weight: Number(weight),
        forwarding: forwardings[forwarding] ?? 'route',
        connections: { active: Number(active), inactive: Number(inactive) },
      });
      continue;
    }
    const [protocol = '', address = '', scheduler = '', ...flags] = words;
    virtualServers += 1;
    if (protocol === 'FWM') {
      server = undefined;
      continue;
    }
    if (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP')
      throw new SyntaxError(`/proc/net/ip_vs has a line that is no virtual or real server: ${line}`);
    server = { protocol: protocol satisfies Protocol, ...parseHexAddress(address) };
    const persistent = flags.includes('persistent');
    needsIpvsadm ||= persistent || flaggedSchedulers.has(scheduler);
    elements.push({
      kind: 'virtual-server',
      ...server,
      scheduler,
      flags: [],
      persistence: persistent ? { seconds: Number.NaN, netmask: singleClient(server.address) } : undefined,
    });
  }
  return { elements, needsIpvsadm, virtualServers };
}
