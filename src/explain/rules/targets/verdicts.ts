import { optionOf } from '../kinds.js';
import type { TargetKind } from '../target.js';

/** The targets that end a packet's way through a table, or through a chain. */
export const accept: TargetKind = { name: 'ACCEPT', apply: (_, packet) => ({ kind: 'accept', packet }) };

export const drop: TargetKind = { name: 'DROP', apply: () => ({ kind: 'drop' }) };

export const returnTarget: TargetKind = { name: 'RETURN', apply: () => ({ kind: 'return' }) };

export const reject: TargetKind = {
  name: 'REJECT',
  apply: (options, { family }) => ({
    kind: 'reject',
    how:
      optionOf(options, '--reject-with')?.values[0] ??
      (family === 'IPv4' ? 'icmp-port-unreachable' : 'icmp6-port-unreachable'),
  }),
};
