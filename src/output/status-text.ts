import { addressAndPort } from '../net/address.js';
import type { RealServerStatus, ServicePortStatus, VirtualServerStatus } from '../status/status.js';
import { type EndpointsSource, endpointsSourceLine } from '../sync/endpoints-source/endpoints-source.js';
import { type Difference, differencesText, explainHint } from './differences.js';
import type { Paint } from './paint.js';
import { table } from './table.js';

/** The status of a node, for people and, as JSON, for programs. */
export interface NodeStatus {
  readonly node: string;
  readonly inSync: boolean;
  /** Where the cluster's endpoints are read from. Undefined if objects were read from files. */
  readonly endpointsSource?: EndpointsSource;
  /** Endpoints objects are a source, but may not be read. */
  readonly endpointsForbidden?: true;
  readonly servicePorts: readonly ServicePortStatus[];
  /** Differences of the node's own parts, which belong to no single Service port. */
  readonly nodeDifferences: readonly Difference[];
}

const header = ['NAMESPACE', 'SERVICE-PORT', 'VIP', 'PROTOCOL', 'SCHEDULER', 'READY', 'ACTIVE', 'INACTIVE', 'IN-SYNC'];
const wideHeader = [
  'NAMESPACE',
  'SERVICE-PORT',
  'VIP',
  'PROTOCOL',
  'SCHEDULER',
  'REAL-SERVER',
  'WEIGHT',
  'ACTIVE',
  'INACTIVE',
  'STATE',
];

/** Returns a row for each Service port, or for each real server if `isWide`, and then the node's own differences. */
export function statusText(status: NodeStatus, isWide: boolean, paint: Paint): string {
  const rows = status.servicePorts.flatMap(isWide ? wideRows : row => [rowOf(row)]);
  const servers = rows.length === 0 ? 'no Service ports\n' : table([isWide ? wideHeader : header, ...rows]);
  const node =
    status.nodeDifferences.length === 0 ? '' : `\n${differencesText(status.node, status.nodeDifferences, paint)}`;
  const unsynced = status.servicePorts.find(({ servicePort, differences }) => servicePort && differences > 0);
  const hint = explainHint(unsynced?.servicePort);
  const source = status.endpointsSource === undefined ? '' : `\n${endpointsSourceLine(status.endpointsSource)}\n`;
  const forbidden = status.endpointsForbidden
    ? 'Endpoints objects may not be read with these credentials: Services without EndpointSlices keep what they have.\n'
    : '';
  return `${servers}${source}${forbidden}${node}${hint === '' ? '' : `\n${hint}`}`;
}

/** Returns namespace and `service:port`. */
function names(servicePort: string | undefined): readonly [string, string] {
  const [namespace = '', name] = (servicePort ?? '').split('/');
  return name === undefined ? ['<none>', '<none>'] : [namespace, name];
}

function rowOf({ servicePort, virtualServers, differences }: ServicePortStatus): readonly string[] {
  const [first, ...more] = virtualServers;
  if (first === undefined) return [...names(servicePort)];
  const all = virtualServers.flatMap(server => server.realServers);
  return [
    ...names(servicePort),
    `${addressAndPort(first.address, first.port)}${more.length === 0 ? '' : ` +${more.length}`}`,
    first.protocol,
    scheduler(first),
    ready(first),
    String(sum(all.map(real => real.activeConnections))),
    String(sum(all.map(real => real.inactiveConnections))),
    differences === 0 ? 'yes' : `no (${differences})`,
  ];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const scheduler = (server: VirtualServerStatus): string => (server.present ? server.scheduler : '<missing>');

/** Real servers that get connections, of those that should. */
function ready({ realServers }: VirtualServerStatus): string {
  const wanted = realServers.filter(({ state }) => state !== 'draining' && state !== 'unwanted');
  return `${wanted.filter(({ state }) => state === 'ready').length}/${wanted.length}`;
}

const wideRows = ({ servicePort, virtualServers }: ServicePortStatus): readonly (readonly string[])[] =>
  virtualServers.flatMap(server => {
    const front = [
      ...names(servicePort),
      addressAndPort(server.address, server.port),
      server.protocol,
      scheduler(server),
    ];
    if (server.realServers.length === 0) return [[...front, '<none>', '', '', '', '']];
    return server.realServers.map(real => [...front, ...realServerCells(real)]);
  });

const realServerCells = (real: RealServerStatus): readonly string[] => [
  addressAndPort(real.address, real.port),
  String(real.weight),
  String(real.activeConnections),
  String(real.inactiveConnections),
  real.state,
];
