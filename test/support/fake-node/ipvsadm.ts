import { isIP } from 'node:net';
import { addressAndPort, familyOf } from '../../../src/net/address.js';
import { type Protocol, protocols } from '../../../src/net/protocol.js';
import type { CommandResult } from '../../../src/node/access.js';
import type { Forwarding } from '../../../src/node/element.js';
import { type FakeKernel, type FakeRealServer, type FakeVirtualServer, loadModule } from './kernel.js';
import { done, inputLines, Refusal, refuse, refuseAsTold, refused, unknown } from './outcome.js';

const protocolOf: Readonly<Record<string, Protocol>> = { '-t': 'TCP', '-u': 'UDP', '--sctp-service': 'SCTP' };
const flagOf: Readonly<Record<Protocol, string>> = { TCP: '-t', UDP: '-u', SCTP: '--sctp-service' };
const forwardingOf: Readonly<Record<string, Forwarding>> = { '-m': 'masquerade', '-g': 'route', '-i': 'tunnel' };
const forwardingFlag = { masquerade: '-m', local: '-m', route: '-g', tunnel: '-i' } as const;
const schedulers = ['rr', 'wrr', 'lc', 'wlc', 'sh', 'dh', 'sed', 'nq', 'mh', 'lblc', 'lblcr'];

/** Runs `ipvsadm …` as kproxy and its scripts call it. */
export function runIpvsadm(kernel: FakeKernel, argv: readonly string[], input: string): CommandResult {
  loadModule(kernel, 'ip_vs');
  const text = argv.join(' ');
  if (text === '-S -n') return done(renderIpvsadmSave(kernel));
  if (text === '-L -n') return done(renderIpvsadmList(kernel, listedRealServer));
  if (text === '-L -n --thresholds') return done(renderIpvsadmList(kernel, listedThresholds));
  if (text === '-L --timeout') return done(timeoutText(kernel));
  if (text === '--restore') return restore(kernel, input);
  if (text.startsWith('-L -n '))
    return kernel.servers.has(serverKey(argv[2] ?? '', argv[3] ?? '')) ? done() : refused(1, 'No such service\n');
  return line(kernel, argv);
}

export const endpointText = ({ address, port }: { readonly address: string; readonly port: number }): string =>
  addressAndPort(address, port);

export const serverKey = (flag: string, endpoint: string): string => `${protocolOf[flag]} ${endpoint}`;
export const keyOfServer = (server: Pick<FakeVirtualServer, 'protocol' | 'address' | 'port'>): string =>
  `${server.protocol} ${endpointText(server)}`;

/** Returns the virtual servers as `ipvsadm -S` sorts them. */
export const sortedServers = (kernel: FakeKernel): readonly FakeVirtualServer[] =>
  [...kernel.servers.values()].sort(
    (one, other) =>
      protocols.indexOf(one.protocol) - protocols.indexOf(other.protocol) ||
      (keyOfServer(one) < keyOfServer(other) ? -1 : 1),
  );

export function renderIpvsadmSave(kernel: FakeKernel): string {
  return sortedServers(kernel)
    .flatMap(server => [
      serverLine(server),
      ...[...server.realServers.values()].map(real => realServerLine(server, real)),
    ])
    .map(text => `${text}\n`)
    .join('');
}

/** Returns the table of `ipvsadm -L`, which has the connections. */
function renderIpvsadmList(kernel: FakeKernel, row: (real: FakeRealServer) => string): string {
  const lines = [...kernel.servers.values()].flatMap(server => [
    `${server.protocol.padEnd(4)} ${endpointText(server)} ${server.scheduler}`,
    ...[...server.realServers.values()].map(row),
  ]);
  return [
    'IP Virtual Server version 1.2.1 (size=4096)',
    'Prot LocalAddress:Port Scheduler Flags',
    '  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn',
    ...lines,
    '',
  ].join('\n');
}

function listedRealServer({ weight, connections, ...real }: FakeRealServer): string {
  const [active, inactive] = [connections.active, connections.inactive].map(count => String(count).padEnd(10));
  return `  -> ${endpointText(real).padEnd(28)} Masq    ${String(weight).padEnd(6)} ${active} ${inactive}`;
}

function listedThresholds({ thresholds, connections, ...real }: FakeRealServer): string {
  const numbers = [thresholds?.upper ?? 0, thresholds?.lower ?? 0, connections.active, connections.inactive];
  return `  -> ${endpointText(real).padEnd(28)} ${numbers.map(number => String(number).padEnd(10)).join(' ')}`;
}

const serverName = (server: FakeVirtualServer): string => `${flagOf[server.protocol]} ${endpointText(server)}`;

export function serverLine(server: FakeVirtualServer): string {
  const { persistence, flags, scheduler } = server;
  const mask =
    persistence === undefined || persistence.netmask === singleClient(server.address)
      ? ''
      : ` -M ${persistence.netmask}`;
  const affinity = persistence === undefined ? '' : ` -p ${persistence.seconds}${mask}`;
  // It has no name for the third flag of a scheduler whose others have names, and does not show it.
  const hasNames = `${scheduler} 1` in flagNames;
  const named = flags.flatMap(flag => flagNames[`${scheduler} ${flag}`] ?? (hasNames ? [] : [`flag-${flag}`]));
  const engine = server.persistenceEngine === undefined ? '' : ` --pe ${server.persistenceEngine}`;
  const rest = `${affinity}${engine}${server.onePacket ? ' -o' : ''}`;
  return `-A ${serverName(server)} -s ${scheduler}${rest}${flags.length === 0 ? '' : ` -b ${named.join(',')}`}`;
}

export const realServerLine = (server: FakeVirtualServer, real: FakeRealServer): string =>
  `-a ${serverName(server)} -r ${endpointText(real)} ${forwardingFlag[real.forwarding]} -w ${real.weight}`;

const singleClient = (address: string): string => (familyOf(address) === 'IPv6' ? '128' : '255.255.255.255');
const flagNames: Readonly<Record<string, string>> = {
  'sh 1': 'sh-fallback',
  'sh 2': 'sh-port',
  'mh 1': 'mh-fallback',
  'mh 2': 'mh-port',
};

/**
 * Runs lines. A refusal is one line on stderr, and the run goes on. The exit status is the last line's. A line that
 * cannot be parsed ends the run.
 */
function restore(kernel: FakeKernel, input: string): CommandResult {
  let stderr = '';
  let exitCode = 0;
  for (const { text } of inputLines(input)) {
    const result = line(kernel, text.trim().split(' '));
    stderr += result.stderr;
    exitCode = result.exitCode;
    if (exitCode === 2) break;
  }
  return { stdout: '', stderr, exitCode };
}

function line(kernel: FakeKernel, words: readonly string[]): CommandResult {
  try {
    change(kernel, words);
    return done();
  } catch (error) {
    if (error instanceof ParseError) return refused(2, `${error.message}\n`);
    if (error instanceof Refusal) return refused(255, `${error.message}\n`);
    throw error;
  }
}

class ParseError extends Error {}

function change(kernel: FakeKernel, words: readonly string[]): void {
  refuseAsTold(kernel.refusals, words);
  const [verb = '', flag = '', endpoint = '', ...rest] = words;
  if (verb === '--set') {
    setTimeouts(kernel, words.slice(1));
    return;
  }
  if (endpoint.startsWith('[') && kernel.lacks.has('IPv6') && !/^-[dD]$/.test(verb))
    refuse('Operation not supported with specified address family');
  const protocol = protocolOf[flag] ?? unknown(`ipvsadm ${verb} ${flag}`);
  const at = { protocol, ...parseEndpoint(endpoint) };
  const key = keyOfServer(at);
  const server = kernel.servers.get(key);
  const options = new Options(rest);
  if (verb === '-A' || verb === '-E') {
    if (verb === '-A' && server !== undefined) refuse('Service already exists');
    if (verb === '-E' && server === undefined) refuse('No such service');
    kernel.servers.set(key, {
      ...at,
      ...serverOptions(options, at.address),
      realServers: server?.realServers ?? new Map(),
    });
  } else if (verb === '-D') {
    if (!kernel.servers.delete(key)) refuse('No such service');
  } else changeRealServer(kernel, verb, server, options);
  options.end();
}

const timeoutText = ({ timeouts: { tcp, tcpFin, udp } }: FakeKernel): string =>
  `Timeout (tcp tcpfin udp): ${tcp} ${tcpFin} ${udp}\n`;

/** A zero leaves a timeout as it is. ipvsadm takes 31 days at most. */
function setTimeouts({ timeouts }: FakeKernel, words: readonly string[]): void {
  if (words.length !== 3) unknown(`ipvsadm --set ${words.join(' ')}`);
  for (const word of words)
    if (!/^\d+$/.test(word) || Number(word) > 2_678_400)
      throw new ParseError(`invalid timeout value \`${word}' specified`);
  const [tcp = 0, tcpFin = 0, udp = 0] = words.map(Number);
  timeouts.tcp = tcp || timeouts.tcp;
  timeouts.tcpFin = tcpFin || timeouts.tcpFin;
  timeouts.udp = udp || timeouts.udp;
}

function changeRealServer(
  { broadcasts }: FakeKernel,
  verb: string,
  server: FakeVirtualServer | undefined,
  options: Options,
): void {
  const at = parseEndpoint(options.take('-r') ?? unknown(`ipvsadm ${verb} without -r`));
  const { realServers } = server ?? refuse('Service not defined');
  const known = realServers.get(endpointText(at));
  if (verb === '-a' && broadcasts.has(at.address))
    refuse('Invalid operation.  Possibly wrong module version, address not unicast, ...');
  if (verb === '-a' && known !== undefined) refuse('Destination already exists');
  if ((verb === '-e' || verb === '-d') && known === undefined) refuse('No such destination');
  if (verb === '-d') {
    realServers.delete(endpointText(at));
    return;
  }
  if (verb !== '-a' && verb !== '-e') unknown(`ipvsadm ${verb}`);
  const forwarding = forwardingOf[options.takeOne(['-m', '-g', '-i']) ?? '-g'] as Forwarding;
  const weight = Number(options.take('-w') ?? 1);
  const [upper, lower] = [Number(options.take('-x') ?? 0), Number(options.take('-y') ?? 0)];
  realServers.set(endpointText(at), {
    ...at,
    forwarding,
    weight,
    ...(upper + lower > 0 ? { thresholds: { upper, lower } } : {}),
    connections: known?.connections ?? { active: 0, inactive: 0 },
  });
}

function serverOptions(options: Options, address: string) {
  const scheduler = options.take('-s') ?? 'wlc';
  if (!schedulers.includes(scheduler)) refuse('Scheduler or persistence engine not found');
  const seconds = options.take('-p');
  const netmask = options.take('-M') ?? singleClient(address);
  const persistenceEngine = options.take('--pe');
  if (persistenceEngine !== undefined && persistenceEngine !== 'sip')
    refuse('Scheduler or persistence engine not found');
  const onePacket = options.takeOne(['-o']) !== undefined;
  const flags = (options.take('-b')?.split(',') ?? []).map(name => flagNumber(scheduler, name));
  return {
    scheduler,
    flags: flags.sort(),
    persistence: seconds === undefined ? undefined : { seconds: Number(seconds), netmask },
    ...(onePacket ? { onePacket: true as const } : {}),
    ...(persistenceEngine === undefined ? {} : { persistenceEngine }),
  };
}

function flagNumber(scheduler: string, name: string): number {
  const found = /^flag-([123])$/.exec(name)?.[1];
  if (found !== undefined) return Number(found);
  const known = Object.entries(flagNames).find(([key, value]) => value === name && key.startsWith(`${scheduler} `));
  return known === undefined ? refuse('incompatible scheduler flag') : Number(known[0].split(' ')[1]);
}

function parseEndpoint(text: string): { readonly address: string; readonly port: number } {
  const found = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const address = found?.[1] ?? found?.[2] ?? '';
  const port = Number(found?.[3]);
  const isRight = isIP(address) === (found?.[1] === undefined ? 4 : 6) && port > 0 && port < 65536;
  if (!isRight) throw new ParseError('illegal virtual server address[:port] specified');
  return { address, port };
}

/** The words after the virtual server. Each must be used exactly once. */
class Options {
  readonly #words: string[];
  constructor(words: readonly string[]) {
    this.#words = [...words];
  }
  take(name: string): string | undefined {
    const index = this.#words.indexOf(name);
    if (index < 0) return undefined;
    const [, value] = this.#words.splice(index, 2);
    if (value === undefined) throw new ParseError(`ipvsadm: option requires an argument -- '${name}'`);
    return value;
  }
  takeOne(names: readonly string[]): string | undefined {
    const index = this.#words.findIndex(word => names.includes(word));
    return index < 0 ? undefined : this.#words.splice(index, 1)[0];
  }
  end(): void {
    if (this.#words.length > 0) unknown(`ipvsadm … ${this.#words.join(' ')}`);
  }
}
