import type { KernelAnswer, Movement, SetAnswer } from '../observed.js';
import { added, changed, holding, inList, keysOf, removed } from './lines.js';

/** Returns what moved in the sets and their entries. */
export const movedSets = (machine: string, { sets: before }: KernelAnswer, { sets: after }: KernelAnswer) =>
  keysOf(before, after).flatMap(name => movedSet(machine, name, before.get(name), after.get(name)));

function movedSet(machine: string, name: string, before?: SetAnswer, after?: SetAnswer): readonly Movement[] {
  const sets = `${machine}: sets`;
  const entries = `${machine}: set ${name}`;
  if (after === undefined)
    return before === undefined
      ? []
      : [removed(sets, `${name} ${typeText(before)}${holding(before.entries.length, 'entry', 'entries')}`)];
  if (before === undefined) return [added(sets, `${name} ${typeText(after)}`), ...inList(entries, [], after.entries)];
  return [
    ...(typeText(before) === typeText(after) ? [] : [changed(entries, typeText(before), typeText(after))]),
    ...inList(entries, before.entries, after.entries),
  ];
}

const typeText = ({ type, isIpv6 }: SetAnswer): string => (isIpv6 ? `${type} family inet6` : type);
