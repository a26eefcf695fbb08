import type { Packet } from '../packet.js';
import { findRoute } from '../routing.js';
import type { End, Trace } from '../trace.js';
import { isBeingSent, noAnswer } from './client-errors.js';
import { type Pass, passHook } from './hooks.js';
import type { Go, Walk } from './walk.js';

/**
 * Walks the ICMP error with which the node refuses a packet to the client: it is a packet of the node itself, and its
 * rules may stop it. Then the client waits instead.
 * @param end the end of the trace if the client gets the error
 */
export function withError(walk: Walk, packet: Packet, end: Trace & { readonly end: End }): Trace {
  if (end.end.clientSees === noAnswer || (isBeingSent(packet) && packet.protocol === 'UDP')) return end;
  let isStopped = false;
  const onStop = (): Trace => {
    isStopped = true;
    return { steps: [], end: { ...end.end, clientSees: noAnswer } };
  };
  const trace = send(walk, packet, onStop, () => end);
  return isStopped ? trace : end;
}

function send(walk: Walk, packet: Packet, onStop: () => Trace, arrived: Go): Trace {
  const found = findRoute(walk.node, { destination: packet.source });
  if (found.kind !== 'local' && found.kind !== 'unicast') return onStop();
  const isLoop = found.kind === 'local';
  const pass = (hook: Pass['hook'], ...tables: Pass['tables']): Pass => ({ hook, tables, way: 'back', onStop });
  const error: Packet = {
    ...packet,
    isError: true,
    source: walk.node.isLocal(packet.destination) ? packet.destination : (found.source ?? packet.destination),
    sourcePort: undefined,
    destination: packet.source,
    destinationPort: undefined,
    mark: 0,
    state: 'RELATED',
    isReply: true,
    inputDevice: undefined,
    outputDevice: isLoop ? 'lo' : found.device,
    bridgePortIn: undefined,
    virtual: undefined,
    isSentByIpvs: false,
  };
  const tracked = (one: Pass): Pass => ({ ...one, isTracked: true });
  return passHook(walk, pass('OUTPUT', 'raw', 'mangle', 'filter', 'security'), error, sent =>
    passHook(walk, pass('POSTROUTING', 'mangle'), sent, left =>
      isLoop
        ? passHook(walk, tracked(pass('PREROUTING', 'raw', 'mangle')), { ...left, inputDevice: 'lo' }, back =>
            passHook(walk, pass('INPUT', 'mangle', 'filter', 'security'), back, arrived),
          )
        : arrived(left),
    ),
  );
}
