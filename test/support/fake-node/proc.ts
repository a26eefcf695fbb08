import { Address6 } from 'ip-address';
import { type Family, familyOf } from '../../../src/net/address.js';
import type { FakeKernel, FakeRealServer, FakeVirtualServer } from './kernel.js';

/** Returns a file of /proc or /sys, or undefined if the kernel has no such file. */
export function readProc(kernel: FakeKernel, path: string): string | undefined {
  if (path === '/proc/net/ip_vs') return kernel.modules.has('ip_vs') ? renderProcIpVs(kernel) : undefined;
  if (path === '/proc/modules') return renderModules(kernel);
  if (path === '/sys/module/ip_vs_pe_sip/refcnt') return `${sipUsers(kernel)}\n`;
  if (path.startsWith('/proc/sys/net/ipv6/') && kernel.lacks.has('IPv6')) return undefined;
  if (path === '/proc/net/if_inet6' && kernel.lacks.has('IPv6')) return undefined;
  if (path === '/proc/net/if_inet6') return '00000000000000000000000000000001 01 80 10 80       lo\n';
  if (path === '/proc/sys/kernel/osrelease') return `${kernel.release}\n`;
  if (path === '/sys/devices/system/cpu/online') return `${kernel.processors}\n`;
  if (path === '/proc/net/ip_tables_names') return legacyTables(kernel, 'IPv4');
  if (path === '/proc/net/ip6_tables_names') return legacyTables(kernel, 'IPv6');
  if (path === '/sys/module/nf_tables/refcnt') return hasNft(kernel) ? '7\n' : undefined;
  const file = kernel.files.get(path);
  if (file !== undefined) return file;
  const parameter = path.startsWith('/proc/sys/') ? kernel.sysctls.get(path.slice('/proc/sys/'.length)) : undefined;
  return parameter === undefined ? undefined : `${parameter}\n`;
}

/** Returns the tables that legacy iptables has loaded, in the kernel's order. */
function legacyTables(kernel: FakeKernel, family: Family): string {
  const { tables, otherTables, backend } = kernel;
  return [...(backend === 'legacy' ? tables : otherTables)[family].keys()].map(name => `${name}\n`).join('');
}

/** Returns true if nf_tables is loaded: plain `iptables` uses it, or the other backend has been used. */
const hasNft = ({ backend, otherTables }: FakeKernel): boolean =>
  backend === 'nft' || otherTables.IPv4.size + otherTables.IPv6.size > 0;

/**
 * Returns /proc/net/ip_vs as the kernel prints it: in an order of its own, with affinity in ticks, and without
 * scheduler flags and persistence engines.
 */
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

/**
 * Lists virtual servers in pages, none of which ends within a virtual server. Each page skips as many as the page
 * before counted in other network namespaces.
 */
function pageByPage(records: readonly (readonly string[])[], foreign: number): readonly (readonly string[])[] {
  const listed: (readonly string[])[] = [];
  const skipped = Math.ceil((foreign * 20) / (records.length + foreign));
  let bytes = 150;
  for (let index = 0; index < records.length; index += 1) {
    const record = records[index] as readonly string[];
    const length = record.join('\n').length + 1;
    if (bytes > 0 && bytes + length > 4096) {
      bytes = 0;
      index += skipped - 1;
      continue;
    }
    listed.push(record);
    bytes += length;
  }
  return listed;
}

/** Returns /proc/modules. Each virtual server uses its scheduler's module. */
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
      : `persistent ${persistence.seconds * hertz} ${familyOf(server.address) === 'IPv6' ? '80000000' : 'FFFFFFFF'}`;
  const blank = protocol === 'SCTP' ? '' : ' ';
  const flags = `${server.onePacket ? 'ops ' : ''}${affinity}`;
  return `${protocol.padEnd(4)} ${hexEndpoint(server)} ${scheduler} ${flags}${blank}`;
}

const sipUsers = ({ servers }: FakeKernel): number =>
  [...servers.values()].filter(({ persistenceEngine }) => persistenceEngine === 'sip').length;

const forwardings = { masquerade: 'Masq', route: 'Route', tunnel: 'Tunnel', local: 'Local' } as const;

function realServerLine({ weight, forwarding, connections, ...real }: FakeRealServer): string {
  const { active, inactive } = connections;
  const method = `${forwardings[forwarding].padEnd(7)} ${String(weight).padEnd(6)}`;
  return `  -> ${hexEndpoint(real).padEnd(22)} ${method} ${String(active).padEnd(10)} ${inactive}`;
}

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');

function hexEndpoint({ address, port }: { readonly address: string; readonly port: number }): string {
  const host =
    familyOf(address) === 'IPv6'
      ? `[${new Address6(address).canonicalForm()}]`
      : address
          .split('.')
          .map(part => hex(Number(part), 2))
          .join('');
  return `${host}:${hex(port, 4)}`;
}
