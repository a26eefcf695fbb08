import type { Worker } from '../machines.js';
import type { KernelAnswer, Missing, ObjectsAnswer } from '../observe/observed.js';
import type { VirtualServerCheck } from './check.js';
import { type Judge, missing } from './missing.js';
import { onlyDifference, parseServer } from './served-port.js';

export const missingVirtualServer: Judge<VirtualServerCheck> = (
  { on, server, scheduler: wanted },
  { workers, objects },
) => {
  const { virtualServers } = workers[on];
  const found = virtualServers.get(server);
  if (found === undefined) return noVirtualServer(on, server, virtualServers, objects);
  const { scheduler: actual, isPersistent } = found;
  if (actual !== wanted) return missing(texts => texts.virtualServerHasOtherScheduler({ server, actual, wanted }));
  return isPersistent ? missing(texts => texts.virtualServerIsPersistent({ server })) : undefined;
};

/** Returns the reason for a virtual server that is not there. */
export function noVirtualServer(
  on: Worker,
  server: string,
  servers: KernelAnswer['virtualServers'],
  objects: ObjectsAnswer,
): Missing {
  const wanted = parseServer(server);
  const difference = wanted && onlyDifference(wanted, [...servers.keys()].map(parseServer), objects);
  if (difference === undefined) return missing(texts => texts.virtualServerIsMissing({ on, server }));
  return missing(texts => texts[textOf[difference.part]](difference));
}

const textOf = {
  port: 'virtualServerHasOtherPort',
  protocol: 'virtualServerHasOtherProtocol',
  address: 'virtualServerHasOtherAddress',
} as const;
