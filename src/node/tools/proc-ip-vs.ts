import { ipv6Text } from '../../net/address.js';
import { isProtocol } from '../../net/protocol.js';
import type { Forwarding, RealServer, VirtualServer, VirtualServerAddress } from '../element.js';
import type { ConnectionCount } from '../finding.js';
import { realServerKey } from '../kinds/real-server.js';
import { singleClient } from './ipvsadm.js';
import { linesOf } from './text.js';

const command = '/proc/net/ip_vs';
const headingLines = 3;
const realServerStart = '  -> ';

/** What can be said of the listing before it is parsed. */
export interface ProcIpVsSurvey {
  /**
   * True if only ipvsadm has everything: the listing has affinity in jiffies of unknown length, and no scheduler flags.
   */
  readonly needsIpvsadm: boolean;
  /** The number of virtual servers, firewall-mark services included. */
  readonly virtualServers: number;
}

export const surveyProcIpVs = (text: string): ProcIpVsSurvey => ({
  needsIpvsadm: /^(?:TCP|UDP|SCTP) +\S+ (?:[sm]h\s|.*\bpersistent\b)/m.test(text),
  virtualServers: text.match(/^(?:TCP|UDP|SCTP|FWM) /gm)?.length ?? 0,
});

/**
 * Parses /proc/net/ip_vs: virtual and real servers, and the connections of each real server that has any. Reading it
 * costs a fifteenth of `ipvsadm -S`. Firewall-mark services are skipped.
 * @throws SyntaxError on a word that the kernel would not print, or on a line that is cut off
 */
export function* parseProcIpVs(text: string): Generator<VirtualServer | RealServer | ConnectionCount> {
  let server: VirtualServerAddress | undefined;
  for (const words of linesOf(text, command, headingLines)) {
    if (!words.startsWith(realServerStart)) {
      const found = virtualServer(words);
      server = found && { protocol: found.protocol, address: found.address, port: found.port };
      if (found !== undefined) yield found;
    } else if (server !== undefined) yield* realServer(words, server);
  }
}

function virtualServer(line: string): VirtualServer | undefined {
  const [protocol = '', address = '', scheduler = '', ...flags] = line.trim().split(/\s+/);
  if (protocol === 'FWM') return undefined;
  if (!isProtocol(protocol)) throw new SyntaxError(`${command} has a line that is no virtual or real server: ${line}`);
  const server: VirtualServerAddress = { protocol, ...parseHexAddress(address) };
  return {
    kind: 'virtual-server',
    ...server,
    scheduler,
    flags: [],
    persistence: flags.includes('persistent')
      ? { seconds: Number.NaN, netmask: singleClient(server.address) }
      : undefined,
    ...(flags.includes('ops') ? { onePacket: true } : {}),
  };
}

const realServerPattern = /^ {2}-> (\S+) +(Masq|Route|Tunnel|Local) +(\d+) +(\d+) +(\d+)/;

const forwardings: ReadonlyMap<string, Forwarding> = new Map([
  ['Masq', 'masquerade'],
  ['Route', 'route'],
  ['Tunnel', 'tunnel'],
  ['Local', 'local'],
]);

function* realServer(line: string, server: VirtualServerAddress): Generator<RealServer | ConnectionCount> {
  const [, text = '', method = '', weight, active, inactive] = realServerPattern.exec(line) ?? [];
  const forwarding = forwardings.get(method);
  if (forwarding === undefined) throw new SyntaxError(`${command} has a line that is no real server: ${line}`);
  const { address, port } = parseHexAddress(text);
  yield { kind: 'real-server', server, address, port, weight: Number(weight), forwarding };
  if (active !== '0' || inactive !== '0')
    yield {
      kind: 'connections',
      realServer: realServerKey({ server, address, port }),
      active: Number(active),
      inactive: Number(inactive),
    };
}

/** Parses `0A000001:0050` or `[fd00:0000:…:0001]:0050`. */
function parseHexAddress(text: string): { readonly address: string; readonly port: number } {
  const colon = text.lastIndexOf(':');
  const port = Number.parseInt(text.slice(colon + 1), 16);
  if (text.startsWith('[')) return { address: ipv6Text(text.slice(1, colon - 1)), port };
  const bits = Number.parseInt(text.slice(0, colon), 16);
  if (colon !== 8 || Number.isNaN(bits) || Number.isNaN(port))
    throw new SyntaxError(`not an address and port: ${text}`);
  return { address: `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`, port };
}
