import { Address6 } from 'ip-address';
import type { Family } from '../../../src/net/address.js';
import type { FakeKernel, FakeRealServer, FakeVirtualServer } from './kernel.js';

/** What the fake node has under /proc; undefined where the kernel has no such file. */
export function readProc(kernel: FakeKernel, path: string): string | undefined {
  if (path === '/proc/net/ip_vs') return kernel.modules.has('ip_vs') ? renderProcIpVs(kernel) : undefined;
  if (path === '/proc/modules') return renderModules(kernel);
  if (path === '/proc/net/if_inet6') return '00000000000000000000000000000001 01 80 10 80       lo\n';
  if (path === '/proc/sys/kernel/osrelease') return `${kernel.release}\n`;
  if (path === '/proc/net/ip_tables_names') return legacyTables(kernel, 'IPv4');
  if (path === '/proc/net/ip6_tables_names') return legacyTables(kernel, 'IPv6');
  if (path === '/sys/module/nf_tables/refcnt') return hasNft(kernel) ? '7\n' : undefined;
  const parameter = path.startsWith('/proc/sys/') ? kernel.sysctls.get(path.slice('/proc/sys/'.length)) : undefined;
  return parameter === undefined ? undefined : `${parameter}\n`;
}

/** The tables that a legacy iptables has loaded, in the kernel's order. */
function legacyTables(kernel: FakeKernel, family: Family): string {
  const { tables, otherTables, backend } = kernel;
  return [...(backend === 'legacy' ? tables : otherTables)[family].keys()].map(name => `${name}\n`).join('');
}

/** The module is there where plain `iptables` works with it, or where somebody has used the other one. */
const hasNft = ({ backend, otherTables }: FakeKernel): boolean =>
  backend === 'nft' || otherTables.IPv4.size + otherTables.IPv6.size > 0;

/** Virtual servers in no order of ours, real servers the newest first, affinity in ticks, no scheduler flags: as the kernel prints it. */
export function renderProcIpVs(kernel: FakeKernel): string {
  const records = [...kernel.servers.values()]
    .reverse()
    .map(server => [
      serverLine(server, kernel.hertz),
      ...[...server.realServers.values()].reverse().map(realServerLine),
    ]);
  return [
    'IP Virtual Server version 1.2.1 (size=4096)',
    'Prot LocalAddress:Port Scheduler Flags',
    '  -> RemoteAddress:Port Forward Weight ActiveConn InActConn',
    ...pageByPage(records, kernel.foreignServers).flat(),
    '',
  ].join('\n');
}

/** Each page begins as many virtual servers too late as there were others among those of the page before. */
function pageByPage(records: readonly (readonly string[])[], foreign: number): readonly (readonly string[])[] {
  const listed: (readonly string[])[] = [];
  const skipped = Math.ceil((foreign * 20) / (records.length + foreign));
  let bytes = 150;
  for (let index = 0; index < records.length; index += 1) {
    const record = records[index] as readonly string[];
    listed.push(record);
    bytes += record.join('\n').length + 1;
    if (bytes <= 4096) continue;
    bytes = 0;
    index += skipped;
  }
  return listed;
}

/** A scheduler's module is held by each virtual server with this scheduler. */
function renderModules({ servers, foreignServers }: FakeKernel): string {
  const users = new Map([['rr', foreignServers]]);
  for (const { scheduler } of servers.values()) users.set(scheduler, (users.get(scheduler) ?? 0) + 1);
  return [...users].map(([name, count]) => `ip_vs_${name} 16384 ${count} - Live 0x0000000000000000\n`).join('');
}

function serverLine(server: FakeVirtualServer, hertz: number): string {
  const { persistence, protocol, scheduler } = server;
  const affinity =
    persistence === undefined
      ? ''
      : `persistent ${persistence.seconds * hertz} ${server.address.includes(':') ? '80000000' : 'FFFFFFFF'}`;
  const blank = protocol === 'SCTP' ? '' : ' ';
  return `${protocol.padEnd(4)} ${hexEndpoint(server)} ${scheduler} ${affinity}${blank}`;
}

const forwardings = { masquerade: 'Masq', route: 'Route', tunnel: 'Tunnel', local: 'Local' } as const;

const realServerLine = (real: FakeRealServer): string =>
  `  -> ${hexEndpoint(real).padEnd(22)} ${forwardings[real.forwarding].padEnd(7)} ${String(real.weight).padEnd(6)} ${String(real.connections.active).padEnd(10)} ${real.connections.inactive}`;

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');

function hexEndpoint({ address, port }: { readonly address: string; readonly port: number }): string {
  const host = address.includes(':')
    ? `[${new Address6(address).canonicalForm()}]`
    : address
        .split('.')
        .map(part => hex(Number(part), 2))
        .join('');
  return `${host}:${hex(port, 4)}`;
}
