import type { Check, Step } from '../command.js';
import type { Entry } from '../element.js';
import type { ElementKind } from '../kind.js';
import { withProtocolNumber } from '../tools/entry-protocol.js';
import { flatText } from '../tools/text.js';

const isPresent = (entry: Entry): Check => ({ argv: ['ipset', 'test', entry.set, entry.value] });

const step = (verb: 'add' | 'del', entry: Entry): Step => {
  const command = { argv: ['ipset', verb, entry.set, entry.value] };
  return verb === 'add' ? { command, unless: [isPresent(entry)] } : { command, when: isPresent(entry) };
};

/** An entry of a set. It is its own value, so it is only added and removed, unless it is there as an exception. */
export const entryKind: ElementKind<Entry> = {
  stage: () => 'set',
  key: entry => flatText('entry', entry.set, entry.value),
  same: (actual, desired) => actual.isException === desired.isException,
  differences: () => ['it is an exception (nomatch), should be an entry'],
  describe: entry => `entry ${entry.value} in ${entry.set}`,
  steps: change => {
    if (change.verb === 'remove') return [step('del', change.before)];
    if (change.verb === 'add') return [step('add', change.after)];
    return [{ command: { argv: ['ipset', '-exist', 'add', change.after.set, change.after.value] } }];
  },
  batch: change => [
    change.verb === 'remove'
      ? { text: `del ${change.before.set} ${withProtocolNumber(change.before.value)}` }
      : { text: `add ${change.after.set} ${withProtocolNumber(change.after.value)}` },
  ],
};
