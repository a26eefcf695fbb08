import { findRoute } from '../datapath/routing.js';
import type { Packet } from '../trace/packet.js';
import type { End, Trace } from '../trace/trace.js';
import { isBeingSent, noAnswer } from './client-errors.js';
import { passTables } from './pass-tables.js';
import { back, type Pass, tracked } from './passes.js';
import type { Go, Walk } from './walk.js';

/** How a node refuses a packet: with an ICMP error, or with a reset of the TCP connection. */
type Refusal = 'error' | 'reset';

/**
 * Walks the ICMP error or the reset with which the node refuses a packet to the client: it is a packet of the node
 * itself, and its rules may stop it. Then the client waits instead.
 * @param end the end of the trace if the client gets the refusal
 */
export function withRefusal(
  walk: Walk,
  packet: Packet,
  end: Trace & { readonly end: End },
  refusal: Refusal = 'error',
): Trace {
  if (end.end.clientSees === noAnswer || (isBeingSent(packet) && packet.protocol === 'UDP')) return end;
  // The kernel sends a reset straight to the port of a bridge through which the packet came (`nf_send_reset`).
  if (refusal === 'reset' && packet.bridgePortIn !== undefined) return end;
  let isStopped = false;
  const onStop = (): Trace => {
    isStopped = true;
    return { steps: [], end: { ...end.end, clientSees: noAnswer } };
  };
  const trace = send(walk, refusalOf(walk, packet, refusal), onStop, () => end);
  return isStopped ? trace : end;
}

/** Returns the packet that refuses another one. Undefined if no route leads to the client. */
function refusalOf(walk: Walk, packet: Packet, refusal: Refusal): Packet | undefined {
  const found = findRoute(walk.node, { destination: packet.source });
  if (found.kind !== 'local' && found.kind !== 'unicast') return undefined;
  const { source, sourcePort, destination, destinationPort } = packet;
  const isReset = refusal === 'reset';
  return {
    ...packet,
    isError: !isReset,
    source: isReset || walk.node.isLocal(destination) ? destination : (found.source ?? destination),
    sourcePort: isReset ? destinationPort : undefined,
    destination: source,
    destinationPort: isReset ? sourcePort : undefined,
    mark: 0,
    state: packet.state === 'UNTRACKED' ? 'INVALID' : 'RELATED',
    isReply: true,
    inputDevice: undefined,
    outputDevice: found.kind === 'local' ? 'lo' : found.device,
    bridgePortIn: undefined,
    virtual: undefined,
    isSentByIpvs: false,
  };
}

function send(walk: Walk, refusal: Packet | undefined, onStop: () => Trace, arrived: Go): Trace {
  if (refusal === undefined) return onStop();
  const pass = (which: Pass, packet: Packet, go: Go): Trace => passTables({ walk, pass: which, go, onStop }, packet);
  // conntrack attaches a refusal to the connection of the refused packet at once (`nf_ct_attach`).
  return pass(tracked(back('OUTPUT', 'raw', 'mangle', 'filter', 'security')), refusal, sent =>
    pass(back('POSTROUTING', 'mangle'), sent, left =>
      left.outputDevice === 'lo'
        ? pass(tracked(back('PREROUTING', 'raw', 'mangle')), { ...left, inputDevice: 'lo' }, arriving =>
            pass(back('INPUT', 'mangle', 'filter', 'security'), arriving, arrived),
          )
        : arrived(left),
    ),
  );
}
