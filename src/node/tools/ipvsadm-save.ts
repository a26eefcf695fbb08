import { parseAddressAndPort } from '../../net/address.js';
import type { Protocol } from '../../net/protocol.js';
import {
  type Element,
  type Forwarding,
  noConnections,
  type RealServer,
  type VirtualServer,
  type VirtualServerAddress,
} from '../element.js';
import { parseSchedulerFlags, singleClient } from './ipvsadm.js';
import { wholeLines } from './text.js';

const protocols: Readonly<Record<string, Protocol>> = { '-t': 'TCP', '-u': 'UDP', '--sctp-service': 'SCTP' };
const forwardings: Readonly<Record<string, Forwarding>> = { '-m': 'masquerade', '-g': 'route', '-i': 'tunnel' };

const option = (words: readonly string[], name: string): string | undefined => {
  const index = words.indexOf(name);
  return index < 0 ? undefined : words[index + 1];
};

function virtualServer(server: VirtualServerAddress, words: readonly string[]): VirtualServer {
  const seconds = option(words, '-p');
  const flags = option(words, '-b');
  return {
    kind: 'virtual-server',
    ...server,
    scheduler: option(words, '-s') ?? 'wlc',
    flags: flags === undefined ? [] : (parseSchedulerFlags(flags) ?? []),
    persistence:
      seconds === undefined
        ? undefined
        : { seconds: Number(seconds), netmask: option(words, '-M') ?? singleClient(server.address) },
  };
}

const realServer = (server: VirtualServerAddress, words: readonly string[]): RealServer => ({
  kind: 'real-server',
  server,
  ...parseAddressAndPort(option(words, '-r') ?? ''),
  weight: Number(option(words, '-w') ?? 1),
  forwarding: forwardings[words.find(word => word in forwardings) ?? '-g'] ?? 'route',
  connections: noConnections,
});

/**
 * Virtual and real servers from `ipvsadm -S -n`'s text. Firewall-mark services are nobody's Service port and are passed over.
 * @throws SyntaxError on a line that ipvsadm would not print, or that is cut off.
 */
export function parseIpvsadmSave(text: string): Element[] {
  const elements: Element[] = [];
  for (const line of wholeLines(text, 'ipvsadm -S')) {
    if (line.trim() === '') continue;
    const words = line.trim().split(/\s+/);
    const [verb, flag = '', address = ''] = words;
    if (flag === '-f') continue;
    const protocol = protocols[flag];
    if (protocol === undefined || (verb !== '-A' && verb !== '-a'))
      throw new SyntaxError(`ipvsadm -S printed a line that is no virtual or real server: ${line}`);
    const server = { protocol, ...parseAddressAndPort(address) };
    elements.push(verb === '-A' ? virtualServer(server, words) : realServer(server, words));
  }
  return elements;
}
