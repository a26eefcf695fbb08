import { valueOfOption } from '../kinds.js';
import type { TargetKind } from '../target.js';

/** The targets that report a packet, or change something in it that no rule and no route asks for. */
const names: readonly string[] = [
  'LOG',
  'NFLOG',
  'ULOG',
  'TRACE',
  'AUDIT',
  'TCPMSS',
  'TCPOPTSTRIP',
  'CHECKSUM',
  'CLASSIFY',
  'DSCP',
  'ECN',
  'TOS',
  'SECMARK',
  'CONNSECMARK',
  'IDLETIMER',
  'LED',
  'TEE',
  'TTL',
  'HL',
  'RATEEST',
];

export const bystanders: readonly TargetKind[] = names.map(name => ({
  name,
  apply: (_, packet) => ({ kind: 'continue', packet }),
}));

/** Adds the packet to a set, or removes it. The walk looks later packets up in the set as it was. */
export const setTarget: TargetKind = {
  name: 'SET',
  apply(options, packet) {
    const added = valueOfOption(options, '--add-set');
    const removed = valueOfOption(options, '--del-set');
    const said = [
      ...(added === undefined ? [] : [`adds an entry to ${added}`]),
      ...(removed === undefined ? [] : [`removes an entry from ${removed}`]),
    ].join(', ');
    if (said === '') return { kind: 'unknown', why: 'kproxy does not know these options of the target SET' };
    return { kind: 'continue', packet, said };
  },
};
