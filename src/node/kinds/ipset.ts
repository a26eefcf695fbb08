import type { Change } from '../change.js';
import type { Check } from '../command.js';
import type { IpSet } from '../element.js';
import type { BatchLine, ElementKind } from '../kind.js';
import { swappedName } from '../names.js';
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
  const range = set.type === 'bitmap:port' ? ['range', rangeOf(set)] : [];
  const family = set.family === 'IPv6' ? ['family', 'inet6'] : [];
  const maximum = set.maximum === undefined ? [] : ['maxelem', String(set.maximum)];
  return [
    set.name,
    set.type,
    ...range,
    ...family,
    ...maximum,
    ...otherExtensions(set).flatMap(text => text.split(' ')),
  ];
}

const extensionsOf = ({ extensions }: IpSet): readonly string[] => extensions ?? [];
const isRange = (extension: string): boolean => extension.startsWith('range ');
/** Returns the extensions of a set, except the range of a set of ports. */
const otherExtensions = (set: IpSet): readonly string[] =>
  extensionsOf(set).filter(extension => set.type !== 'bitmap:port' || !isRange(extension));

/** The ports that kproxy's sets can have. */
export const wholeRange = '0-65535';
const rangeOf = (set: IpSet): string => extensionsOf(set).find(isRange)?.split(' ')[1] ?? wholeRange;

const isPresent = (set: IpSet): Check => ({ argv: ['ipset', '-n', 'list', set.name] });

const familyNames = { IPv4: 'inet', IPv6: 'inet6' } as const;

/** Returns how `ipset save` begins a set of this type and family. */
const savedStart = (set: IpSet): string =>
  set.family === undefined
    ? `create ${set.name} ${set.type} range ${rangeOf(set)}`
    : `create ${set.name} ${set.type} family ${familyNames[set.family]} `;

const maximumOf = ({ maximum }: IpSet): number => maximum ?? defaultMaximum;
const isLargeEnough = (actual: IpSet, desired: IpSet): boolean => maximumOf(actual) >= maximumOf(desired);

const savedMaximum = (set: IpSet): string => ` maxelem ${maximumOf(set)} `;

/** Returns the check that a set is still as it was, and not yet as desired. */
function isUnchanged(before: IpSet, after: IpSet): Check {
  const argv = ['ipset', 'save', before.name];
  // A whole line, because one range may begin as another one does.
  if (before.type === 'bitmap:port') return { argv, finds: `create ${createArguments(before).join(' ')}`, once: true };
  const [extension] = extensionsOf(before);
  if (savedStart(before) !== savedStart(after)) return { argv, finds: savedStart(before) };
  return { argv, finds: extension === undefined ? savedMaximum(before) : ` ${extension} ` };
}

/** The recreation of a set, which is the only way to change its type, family, limit or extensions. */
export type Recreation = Change<IpSet> & { readonly verb: 'change' };

export const isRecreation = (change: Change): change is Recreation =>
  change.verb === 'change' && change.after.kind === 'set';

/** Returns the checks that a set has been recreated. */
export const isRecreated = ({ before, after }: Recreation): readonly Check[] => {
  const argv = ['ipset', 'save', after.name];
  return [
    { argv, finds: savedStart(after) },
    ...(after.type === 'bitmap:port' ? [] : [{ argv, finds: savedMaximum(after) }]),
    ...otherExtensions(before).map(extension => ({ argv, finds: ` ${extension}`, isAbsent: true })),
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
    actual.type === desired.type &&
    actual.family === desired.family &&
    isLargeEnough(actual, desired) &&
    extensionsOf(actual).join() === extensionsOf(desired).join(),
  differences: (actual, desired) => [
    ...(actual.type === desired.type ? [] : [isShouldBe('type', actual.type, desired.type)]),
    ...(actual.family === desired.family ? [] : [isShouldBe('family', actual.family, desired.family)]),
    ...(isLargeEnough(actual, desired) ? [] : [isShouldBe('maxelem', maximumOf(actual), maximumOf(desired))]),
    ...(rangeOf(actual) === rangeOf(desired) ? [] : [isShouldBe('range', rangeOf(actual), rangeOf(desired))]),
    ...otherExtensions(actual).map(extension => `it has ${extension}, which kproxy's sets do not have`),
  ],
  describe: set => `set ${createArguments(set).join(' ')}`,
  steps: change => {
    if (change.verb === 'add') return [create(change.after)];
    if (change.verb === 'remove') return [destroy(change.before, isPresent(change.before))];
    const isOld = isUnchanged(change.before, change.after);
    if (!isSwapped(change)) return [destroy(change.before, isOld), create(change.after)];
    const swapped = swappedSet(change.after);
    return [
      create(swapped),
      { command: { argv: ['ipset', 'flush', swapped.name] } },
      { command: { argv: ['ipset', 'swap', swapped.name, change.after.name] }, when: isOld },
      destroy(swapped, isPresent(swapped)),
    ];
  },
  // `destroy` has no -exist. A set that is created first can be destroyed however often the batch runs.
  batch: change => {
    if (change.verb === 'change' && isSwapped(change)) return swapLines(change.after);
    return [
      ...(change.verb === 'add' ? [] : [createLine(change.before), { text: `destroy ${change.before.name}` }]),
      ...(change.verb === 'remove' ? [] : [createLine(change.after)]),
    ];
  },
};

export const setKey = (name: string): string => `set ${name}`;

const createLine = (set: IpSet) => ({ text: `create ${createArguments(set).join(' ')}` });

/** Returns true if the kernel swaps two sets, which it does only within one type and family. */
export const canSwap = (one: IpSet, other: IpSet): boolean => one.type === other.type && one.family === other.family;

/** Returns true if a set trades contents with a new one instead of being destroyed: other software uses it. */
const isSwapped = ({ before, after, users }: Change<IpSet> & { readonly verb: 'change' }): boolean =>
  users !== undefined && canSwap(before, after);

const swappedSet = (set: IpSet): IpSet => ({ ...set, name: swappedName(set.name) });

function swapLines(set: IpSet): readonly BatchLine[] {
  const swapped = swappedSet(set);
  return [
    createLine(swapped),
    { text: `flush ${swapped.name}` },
    { text: `swap ${swapped.name} ${set.name}` },
    { text: `destroy ${swapped.name}` },
  ];
}
