import type { Timeouts } from '../element.js';
import type { ElementKind } from '../kind.js';
import { isShouldBe } from '../tools/text.js';

/** In ipvsadm's order. */
const fields = ['tcp', 'tcpFin', 'udp'] as const;
const names = { tcp: 'TCP', tcpFin: 'TCP after a FIN', udp: 'UDP' } as const;

/** Returns true if a desired timeout is the node's, or leaves it to the node. */
const isRight = (actual: number, desired: number): boolean => desired === 0 || actual === desired;

const words = (timeouts: Timeouts): readonly string[] => ['--set', ...fields.map(field => String(timeouts[field]))];

/** The timeouts of IPVS. They are set and never reset, because the kernel does not report what they were before. */
export const timeoutsKind: ElementKind<Timeouts> = {
  stage: () => 'ipvs',
  key: () => 'ipvs-timeouts',
  same: (actual, desired) => fields.every(field => isRight(actual[field], desired[field])),
  differences: (actual, desired) =>
    fields
      .filter(field => !isRight(actual[field], desired[field]))
      .map(field => isShouldBe(names[field], `${actual[field]} s`, `${desired[field]} s`)),
  describe: timeouts =>
    `IPVS timeouts ${fields
      .filter(field => timeouts[field] > 0)
      .map(field => `${names[field]} ${timeouts[field]} s`)
      .join(', ')}`,
  steps: change => (change.verb === 'remove' ? [] : [{ command: { argv: ['ipvsadm', ...words(change.after)] } }]),
  batch: change => (change.verb === 'remove' ? [] : [{ text: words(change.after).join(' ') }]),
};
