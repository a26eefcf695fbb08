import type { Change } from '../change.js';
import type { Check } from '../command.js';
import type { IpSet } from '../element.js';
import type { ElementKind } from '../kind.js';
import { isShouldBe } from '../tools/text.js';

/** ipset's own default for the types that have a limit. */
const defaultMaximum = 65536;

/** The limit for a set with so many entries: undefined where ipset's own will do, and otherwise room for twice as many or more. */
export const maximumFor = (entries: number): number | undefined =>
  entries <= defaultMaximum ? undefined : 2 ** Math.ceil(Math.log2(entries) + 1);

/** The chapter writes no family for IPv4, and neither does ipset ask for one. */
function createArguments(set: IpSet): readonly string[] {
  const range = set.type === 'bitmap:port' ? ['range', '0-65535'] : [];
  const family = set.family === 'IPv6' ? ['family', 'inet6'] : [];
  const maximum = set.maximum === undefined ? [] : ['maxelem', String(set.maximum)];
  return [set.name, set.type, ...range, ...family, ...maximum];
}

const isThere = (set: IpSet): Check => ({ argv: ['ipset', '-n', 'list', set.name] });

const familyNames = { IPv4: 'inet', IPv6: 'inet6' } as const;

/** How `ipset save` begins a set of this type and family. */
const savedStart = ({ name, type, family }: IpSet): string =>
  family === undefined ? `create ${name} ${type} range` : `create ${name} ${type} family ${familyNames[family]} `;

const maximumOf = ({ maximum }: IpSet): number => maximum ?? defaultMaximum;
const isLargeEnough = (actual: IpSet, desired: IpSet): boolean => maximumOf(actual) >= maximumOf(desired);

const savedMaximum = (set: IpSet): string => ` maxelem ${maximumOf(set)} `;

/** Whether the set is still as it was, and not yet as it shall be. */
const isStill = (before: IpSet, after: IpSet): Check => ({
  argv: ['ipset', 'save', before.name],
  finds: savedStart(before) === savedStart(after) ? savedMaximum(before) : savedStart(before),
});

/** A set that is made anew, the only way to change one: what it is, and what it shall be. */
export type Remaking = Change<IpSet> & { readonly verb: 'change' };

export const isRemaking = (change: Change): change is Remaking =>
  change.verb === 'change' && change.after.kind === 'set';

/** Whether the set has been made anew. */
export const isRemade = (set: IpSet): readonly Check[] => {
  const argv = ['ipset', 'save', set.name];
  return [
    { argv, finds: savedStart(set) },
    ...(set.type === 'bitmap:port' ? [] : [{ argv, finds: savedMaximum(set) }]),
  ];
};

const create = (set: IpSet) => ({
  command: { argv: ['ipset', 'create', ...createArguments(set)] },
  unless: [isThere(set)],
});
const destroy = (set: IpSet, when: Check) => ({ command: { argv: ['ipset', 'destroy', set.name] }, when });

export const ipsetKind: ElementKind<IpSet> = {
  stage: () => 'set',
  key: set => `set ${set.name}`,
  // A family that differs is not noticed by `ipset create -exist`; entries of the other family would be refused one by one.
  same: (actual, desired) =>
    actual.type === desired.type && actual.family === desired.family && isLargeEnough(actual, desired),
  differences: (actual, desired) => [
    ...(actual.type === desired.type ? [] : [isShouldBe('type', actual.type, desired.type)]),
    ...(actual.family === desired.family ? [] : [isShouldBe('family', actual.family, desired.family)]),
    ...(isLargeEnough(actual, desired) ? [] : [isShouldBe('maxelem', maximumOf(actual), maximumOf(desired))]),
  ],
  describe: set => `set ${createArguments(set).join(' ')}`,
  steps: change => {
    if (change.verb === 'add') return [create(change.after)];
    if (change.verb === 'remove') return [destroy(change.before, isThere(change.before))];
    return [destroy(change.before, isStill(change.before, change.after)), create(change.after)];
  },
  // `destroy` has no -exist: created first, it can be destroyed however often the batch runs.
  batch: change => [
    ...(change.verb === 'add' ? [] : [createLine(change.before), { text: `destroy ${change.before.name}` }]),
    ...(change.verb === 'remove' ? [] : [createLine(change.after)]),
  ],
};

const createLine = (set: IpSet) => ({ text: `create ${createArguments(set).join(' ')}` });
