import type { Check } from '../command.js';
import type { IpSet } from '../element.js';
import type { ElementKind } from '../kind.js';

/** ipset's own default for the types that have a limit. */
const defaultMaximum = 65536;

/** The chapter writes no family for IPv4, and neither does ipset ask for one. */
function createArguments(set: IpSet): readonly string[] {
  const range = set.type === 'bitmap:port' ? ['range', '0-65535'] : [];
  const family = set.family === 'IPv6' ? ['family', 'inet6'] : [];
  const maximum = set.maximum === undefined ? [] : ['maxelem', String(set.maximum)];
  return [set.name, set.type, ...range, ...family, ...maximum];
}

const isThere = (set: IpSet): Check => ({ argv: ['ipset', '-n', 'list', set.name] });

const create = (set: IpSet) => ({
  command: { argv: ['ipset', 'create', ...createArguments(set)] },
  unless: [isThere(set)],
});
const destroy = (set: IpSet) => ({ command: { argv: ['ipset', 'destroy', set.name] }, when: isThere(set) });

export const ipsetKind: ElementKind<IpSet> = {
  stage: () => 'set',
  key: set => `set ${set.name}`,
  // A family that differs is not noticed by `ipset create -exist`; entries of the other family would be refused one by one.
  same: (actual, desired) =>
    actual.type === desired.type &&
    actual.family === desired.family &&
    (actual.maximum ?? defaultMaximum) >= (desired.maximum ?? defaultMaximum),
  describe: set => `set ${createArguments(set).join(' ')}`,
  steps: change => [
    ...(change.verb === 'add' ? [] : [destroy(change.before)]),
    ...(change.verb === 'remove' ? [] : [create(change.after)]),
  ],
  // `destroy` has no -exist: created first, it can be destroyed however often the batch runs.
  batch: change => [
    ...(change.verb === 'add' ? [] : [createLine(change.before), { text: `destroy ${change.before.name}` }]),
    ...(change.verb === 'remove' ? [] : [createLine(change.after)]),
  ],
};

const createLine = (set: IpSet) => ({ text: `create ${createArguments(set).join(' ')}` });
