import type { Change } from '../change.js';
import type { Check } from '../command.js';
import type { IpSet } from '../element.js';
import type { ElementKind } from '../kind.js';
import { isShouldBe } from '../tools/text.js';

/** ipset's own default for the types that have a limit. */
const defaultMaximum = 65536;

/**
 * Returns the limit of a set with this many entries: undefined if ipset's default suffices, else room for at least
 * twice as many.
 */
export const maximumFor = (entries: number): number | undefined =>
  entries <= defaultMaximum ? undefined : 2 ** Math.ceil(Math.log2(entries) + 1);

/** Leaves out `family inet`, ipset's default, as the tutorial does. */
function createArguments(set: IpSet): readonly string[] {
  const range = set.type === 'bitmap:port' ? ['range', '0-65535'] : [];
  const family = set.family === 'IPv6' ? ['family', 'inet6'] : [];
  const maximum = set.maximum === undefined ? [] : ['maxelem', String(set.maximum)];
  return [set.name, set.type, ...range, ...family, ...maximum];
}

const isPresent = (set: IpSet): Check => ({ argv: ['ipset', '-n', 'list', set.name] });

const familyNames = { IPv4: 'inet', IPv6: 'inet6' } as const;

/** Returns how `ipset save` begins a set of this type and family. */
const savedStart = ({ name, type, family }: IpSet): string =>
  family === undefined ? `create ${name} ${type} range` : `create ${name} ${type} family ${familyNames[family]} `;

const maximumOf = ({ maximum }: IpSet): number => maximum ?? defaultMaximum;
const isLargeEnough = (actual: IpSet, desired: IpSet): boolean => maximumOf(actual) >= maximumOf(desired);

const savedMaximum = (set: IpSet): string => ` maxelem ${maximumOf(set)} `;

/** Returns the check that a set is still as it was, and not yet as desired. */
const isUnchanged = (before: IpSet, after: IpSet): Check => ({
  argv: ['ipset', 'save', before.name],
  finds: savedStart(before) === savedStart(after) ? savedMaximum(before) : savedStart(before),
});

/** The recreation of a set, which is the only way to change its type, family or limit. */
export type Recreation = Change<IpSet> & { readonly verb: 'change' };

export const isRecreation = (change: Change): change is Recreation =>
  change.verb === 'change' && change.after.kind === 'set';

/** Returns the checks that a set has been recreated. */
export const isRecreated = (set: IpSet): readonly Check[] => {
  const argv = ['ipset', 'save', set.name];
  return [
    { argv, finds: savedStart(set) },
    ...(set.type === 'bitmap:port' ? [] : [{ argv, finds: savedMaximum(set) }]),
  ];
};

const create = (set: IpSet) => ({
  command: { argv: ['ipset', 'create', ...createArguments(set)] },
  unless: [isPresent(set)],
});
const destroy = (set: IpSet, when: Check) => ({ command: { argv: ['ipset', 'destroy', set.name] }, when });

export const ipsetKind: ElementKind<IpSet> = {
  stage: () => 'set',
  key: set => setKey(set.name),
  // `ipset create -exist` ignores a different family; entries of the other family would then be refused one by one.
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
    if (change.verb === 'remove') return [destroy(change.before, isPresent(change.before))];
    return [destroy(change.before, isUnchanged(change.before, change.after)), create(change.after)];
  },
  // `destroy` has no -exist. A set that is created first can be destroyed however often the batch runs.
  batch: change => [
    ...(change.verb === 'add' ? [] : [createLine(change.before), { text: `destroy ${change.before.name}` }]),
    ...(change.verb === 'remove' ? [] : [createLine(change.after)]),
  ],
};

export const setKey = (name: string): string => `set ${name}`;

const createLine = (set: IpSet) => ({ text: `create ${createArguments(set).join(' ')}` });
