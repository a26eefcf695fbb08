import { ipv6Text } from '../../net/address.js';
import {
  type Connections,
  type Forwarding,
  noConnections,
  type RealServer,
  type VirtualServer,
  type VirtualServerAddress,
} from '../element.js';
import type { Collector } from '../filled-state.js';
import { singleClient } from './ipvsadm.js';
import { forEachLine } from './text.js';

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

/** What the listing is worth. */
export interface ProcIpVsSurvey {
  /** Where this is set the listing does not have all: it tells affinity in jiffies of an unknown length, and scheduler flags not at all. */
  readonly needsIpvsadm: boolean;
  /** How many virtual servers are listed, those of firewall marks included. */
  readonly virtualServers: number;
}

const command = '/proc/net/ip_vs';
const realServerStart = '  -> ';

/** The lines after the three of the heading. */
function forEachServer(text: string, visit: (line: string) => void): void {
  let heading = 3;
  forEachLine(text, command, line => {
    if (heading > 0) heading -= 1;
    else visit(line);
  });
}

/** Looks at the virtual servers alone. */
export const surveyProcIpVs = (text: string): ProcIpVsSurvey => ({
  needsIpvsadm: /^(?:TCP|UDP|SCTP) +\S+ (?:[sm]h\s|.*\bpersistent\b)/m.test(text),
  virtualServers: text.match(/^(?:TCP|UDP|SCTP|FWM) /gm)?.length ?? 0,
});

/**
 * Collects virtual and real servers from the kernel's own listing, which costs a fifteenth of `ipvsadm -S`, and has the connections of each real server too.
 * @throws SyntaxError on a line that the kernel would not print.
 */
export function parseProcIpVs(text: string, { add }: Pick<Collector, 'add'>): void {
  let server: VirtualServerAddress | undefined;
  forEachServer(text, line => {
    if (!line.startsWith(realServerStart)) {
      const found = virtualServer(line);
      server = found && { protocol: found.protocol, address: found.address, port: found.port };
      if (found !== undefined) add(found);
      // Real servers of a firewall-mark service are nobody's.
    } else if (server !== undefined) add(realServer(line, server));
  });
}

function virtualServer(line: string): VirtualServer | undefined {
  const [protocol = '', address = '', scheduler = '', ...flags] = line.trim().split(/\s+/);
  if (protocol === 'FWM') return undefined;
  if (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP')
    throw new SyntaxError(`${command} has a line that is no virtual or real server: ${line}`);
  const server: VirtualServerAddress = { protocol, ...parseHexAddress(address) };
  return {
    kind: 'virtual-server',
    ...server,
    scheduler,
    flags: [],
    persistence: flags.includes('persistent')
      ? { seconds: Number.NaN, netmask: singleClient(server.address) }
      : undefined,
  };
}

function realServer(line: string, server: VirtualServerAddress): RealServer {
  const found = realServerPattern.exec(line);
  const { address, port } = parseHexAddress(found?.[1] ?? '');
  return {
    kind: 'real-server',
    server,
    address,
    port,
    weight: Number(found?.[3]),
    forwarding: forwardings[found?.[2] ?? ''] ?? 'route',
    connections: connectionsOf(found?.[4], found?.[5]),
  };
}

const realServerPattern = /^ {2}-> (\S+) +(\S+) +(\d+) +(\d+) +(\d+)/;

const connectionsOf = (active: string | undefined, inactive: string | undefined): Connections =>
  active === '0' && inactive === '0' ? noConnections : { active: Number(active), inactive: Number(inactive) };
