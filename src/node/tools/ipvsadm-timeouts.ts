import type { Timeouts } from '../element.js';

/**
 * Parses what `ipvsadm -L --timeout` prints: `Timeout (tcp tcpfin udp): 900 120 300`, in seconds.
 * @throws SyntaxError if the text is anything else
 */
export function parseTimeouts(text: string): Timeouts {
  const [, tcp, tcpFin, udp] = /^Timeout \(tcp tcpfin udp\): (\d+) (\d+) (\d+)\n$/.exec(text) ?? [];
  if (udp === undefined) throw new SyntaxError(`ipvsadm -L --timeout printed no timeouts: ${text.slice(0, 200)}`);
  return { kind: 'ipvs-timeouts', tcp: Number(tcp), tcpFin: Number(tcpFin), udp: Number(udp) };
}
