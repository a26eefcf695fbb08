import { inNumericOrder } from '../numeric-order.js';
import type { KernelAnswer, Movement, RealServerAnswer, VirtualServerAnswer } from '../observed.js';
import { added, between, changed, holding, keysOf, removed } from './lines.js';

/** Returns what moved in the virtual servers and their real servers, without connections. */
export const movedVirtualServers = (
  machine: string,
  { virtualServers: before }: KernelAnswer,
  { virtualServers: after }: KernelAnswer,
) =>
  inNumericOrder(keysOf(before, after)).flatMap(name =>
    movedVirtualServer(machine, name, before.get(name), after.get(name)),
  );

function movedVirtualServer(
  machine: string,
  name: string,
  before?: VirtualServerAnswer,
  after?: VirtualServerAnswer,
): readonly Movement[] {
  const servers = `${machine}: virtual servers`;
  const server = `${machine}: ${name}`;
  if (after === undefined)
    return before === undefined ? [] : [removed(servers, `${name} ${serverText(before)}${holdingReal(before)}`)];
  if (before === undefined)
    return [added(servers, `${name} ${serverText(after)}`), ...movedRealServers(server, new Map(), after.realServers)];
  return [
    ...(serverText(before) === serverText(after) ? [] : [changed(server, serverText(before), serverText(after))]),
    ...movedRealServers(server, before.realServers, after.realServers),
  ];
}

const serverText = ({ scheduler, isPersistent }: VirtualServerAnswer): string =>
  isPersistent ? `${scheduler} persistent` : scheduler;

const holdingReal = ({ realServers }: VirtualServerAnswer): string =>
  holding(realServers.size, 'real server', 'real servers');

type RealServers = ReadonlyMap<string, RealServerAnswer>;

const movedRealServers = (where: string, before: RealServers, after: RealServers): readonly Movement[] =>
  inNumericOrder(keysOf(before, after)).flatMap(address =>
    between(where, realText(address, before.get(address)), realText(address, after.get(address))),
  );

const realText = (address: string, server: RealServerAnswer | undefined): string | undefined =>
  server && `-> ${address} ${server.forwarding}, weight ${server.weight}`;
