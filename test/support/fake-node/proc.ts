import { Address6 } from 'ip-address';
import type { Family } from '../../../src/cluster/network-schema.js';
import type { FakeKernel, FakeRealServer, FakeVirtualServer } from './kernel.js';

/** What the fake node has under /proc; undefined where the kernel has no such file. */
export function readProc(kernel: FakeKernel, path: string): string | undefined {
  if (path === '/proc/net/ip_vs') return kernel.modules.has('ip_vs') ? renderProcIpVs(kernel) : undefined;
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
  const lines = [...kernel.servers.values()]
    .reverse()
    .flatMap(server => [
      serverLine(server, kernel.hertz),
      ...[...server.realServers.values()].reverse().map(realServerLine),
    ]);
  return [
    'IP Virtual Server version 1.2.1 (size=4096)',
    'Prot LocalAddress:Port Scheduler Flags',
    '  -> RemoteAddress:Port Forward Weight ActiveConn InActConn',
    ...lines,
    '',
  ].join('\n');
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
