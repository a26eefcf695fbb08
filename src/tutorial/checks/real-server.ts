import { endpointsIn } from '../observe/endpoints.js';
import type { KernelAnswer, Missing, ObjectsAnswer, RealServerAnswer } from '../observe/observed.js';
import type { RealServerCheck } from './check.js';
import { type Judge, missing } from './missing.js';
import { noVirtualServer } from './virtual-server.js';

/** A real server of weight 0 gets no new connections. It stays until its connections have ended. */
export const missingRealServer: Judge<RealServerCheck> = (check, { workers, objects }) => {
  const { on, server, address, isAbsent } = check;
  const { virtualServers } = workers[on];
  const servers = virtualServers.get(server)?.realServers;
  const found = servers?.get(address);
  if (isAbsent)
    return found === undefined || found.weight === 0
      ? undefined
      : missing(texts => texts.realServerIsStillThere({ server, address }));
  if (servers === undefined) return noVirtualServer(on, server, virtualServers, objects);
  if (found !== undefined) return unfit(address, found);
  return (
    similarServer(address, servers, objects) ??
    ofOtherServer(check, virtualServers) ??
    missing(texts => texts.realServerIsMissing({ server, address }))
  );
};

function unfit(address: string, { forwarding, weight }: RealServerAnswer): Missing | undefined {
  if (!isMasqueraded(forwarding)) return missing(texts => texts.realServerIsNotMasqueraded({ address, forwarding }));
  return weight === 0 ? missing(texts => texts.realServerHasNoWeight({ address })) : undefined;
}

/** The kernel lists masquerading to one of the machine's own addresses as `Local`. */
const isMasqueraded = (forwarding: string): boolean => forwarding === 'Masq' || forwarding === 'Local';

type RealServers = ReadonlyMap<string, RealServerAnswer>;

function similarServer(wanted: string, servers: RealServers, objects: ObjectsAnswer): Missing | undefined {
  const [host, port] = split(wanted);
  const sameHost = [...servers].find(([address]) => split(address)[0] === host);
  if (sameHost !== undefined) {
    const [address, { forwarding }] = sameHost;
    // Without -m, ipvsadm replaces the port by that of the virtual server.
    if (!isMasqueraded(forwarding)) return missing(texts => texts.realServerIsNotMasqueraded({ address, forwarding }));
    const actual = split(address)[1];
    return missing(texts => texts.realServerHasOtherPort({ address: host, actual, wanted: port }));
  }
  const others = new Set([...objects].flatMap(([name, it]) => (name.startsWith('endpoints/') ? endpointsIn(it) : [])));
  const samePort = [...servers.keys()].find(address => split(address)[1] === port && !others.has(address));
  if (samePort === undefined) return undefined;
  return missing(texts => texts.realServerHasOtherAddress({ actual: split(samePort)[0], wanted: host }));
}

/** Splits `10.244.1.3:8080` into the address and the port. */
function split(text: string): readonly [host: string, port: string] {
  const colon = text.lastIndexOf(':');
  return [text.slice(0, colon), text.slice(colon + 1)];
}

function ofOtherServer(
  { server, address }: RealServerCheck,
  servers: KernelAnswer['virtualServers'],
): Missing | undefined {
  const other = [...servers].find(([, { realServers }]) => realServers.has(address))?.[0];
  return other === undefined ? undefined : missing(texts => texts.realServerIsOfOther({ server, address, other }));
}
