import { parseAddressAndPort } from '../../net/address.js';
import type { Forwarding, RealServer, VirtualServer, VirtualServerAddress } from '../element.js';
import { parseSchedulerFlags, protocolOfFlag, singleClient } from './ipvsadm.js';
import { linesOf } from './text.js';

const command = 'ipvsadm -S';

/**
 * Parses the output of `ipvsadm -S -n`: virtual and real servers. Firewall-mark services are skipped, because no
 * Service port has one.
 * @throws SyntaxError on a word that ipvsadm would not print, or on a line that is cut off
 */
export function* parseIpvsadmSave(text: string): Generator<VirtualServer | RealServer> {
  for (const line of linesOf(text, command)) {
    const [verb, flag = '', address = '', ...words] = line.trim().split(/\s+/);
    if (line.trim() === '' || flag === '-f') continue;
    const protocol = protocolOfFlag(flag);
    if (protocol === undefined || (verb !== '-A' && verb !== '-a'))
      throw new SyntaxError(`${command} printed a line that is no virtual or real server: ${line}`);
    const server = { protocol, ...parseAddressAndPort(address) };
    yield verb === '-A' ? virtualServer(server, words) : realServer(server, words);
  }
}

/** Options with a value, and options without. */
const valueOptions: ReadonlySet<string> = new Set([
  ...['-s', '-p', '-M', '-b', '--pe', '-r', '-w'],
  ...['--tun-type', '--tun-port'],
]);
const flagOptions: ReadonlySet<string> = new Set([
  ...['-m', '-g', '-i', '-o', '-6'],
  ...['--tun-nocsum', '--tun-csum', '--tun-remcsum'],
]);

type Options = ReadonlyMap<string, string>;

function parseOptions(words: readonly string[]): Options {
  const options = new Map<string, string>();
  for (let at = 0; at < words.length; at += 1) {
    const name = words[at] ?? '';
    if (flagOptions.has(name) || isWithoutFlags(name, words[at + 1])) options.set(name, '');
    else if (valueOptions.has(name) && words[at + 1] !== undefined) options.set(name, words[++at] ?? '');
    else throw new SyntaxError(`${command} printed an option that kproxy does not know: ${words.join(' ')}`);
  }
  return options;
}

/** ipvsadm prints `-b` alone for a flag that it has no name for: the third one of sh and mh. */
const isWithoutFlags = (name: string, next: string | undefined): boolean =>
  name === '-b' && (next === undefined || next.startsWith('-'));

function virtualServer(server: VirtualServerAddress, words: readonly string[]): VirtualServer {
  const options = parseOptions(words);
  const flags = options.get('-b');
  const scheduler = options.get('-s') ?? 'wlc';
  return {
    kind: 'virtual-server',
    ...server,
    scheduler,
    flags: flags === undefined ? [] : (parseSchedulerFlags(scheduler, flags) ?? []),
    persistence: persistenceIn(options, server),
    ...(options.has('-o') ? { onePacket: true } : {}),
    ...(options.has('--pe') ? { persistenceEngine: options.get('--pe') } : {}),
  };
}

function persistenceIn(options: Options, { address }: VirtualServerAddress): VirtualServer['persistence'] {
  const seconds = options.get('-p');
  if (seconds === undefined) return undefined;
  return { seconds: Number(seconds), netmask: options.get('-M') ?? singleClient(address) };
}

const forwardings: readonly (readonly [flag: string, Forwarding])[] = [
  ['-m', 'masquerade'],
  ['-g', 'route'],
  ['-i', 'tunnel'],
];

function realServer(server: VirtualServerAddress, words: readonly string[]): RealServer {
  const options = parseOptions(words);
  return {
    kind: 'real-server',
    server,
    ...parseAddressAndPort(options.get('-r') ?? ''),
    weight: Number(options.get('-w') ?? 1),
    forwarding: forwardings.find(([flag]) => options.has(flag))?.[1] ?? 'route',
  };
}
