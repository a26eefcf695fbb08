import type { KernelAnswer, LinkAnswer, Movement } from '../observed.js';
import { added, changed, holding, inList, keysOf, removed } from './lines.js';

/** Returns what moved in the devices and their addresses. */
export const movedLinks = (machine: string, { links: before }: KernelAnswer, { links: after }: KernelAnswer) =>
  keysOf(before, after).flatMap(name => movedLink(machine, name, before.get(name), after.get(name)));

function movedLink(machine: string, name: string, before?: LinkAnswer, after?: LinkAnswer): readonly Movement[] {
  const devices = `${machine}: devices`;
  const device = `${machine}: device ${name}`;
  if (after === undefined)
    return before === undefined
      ? []
      : [removed(devices, `${name}${typeText(before)}${holding(before.addresses.length, 'address', 'addresses')}`)];
  if (before === undefined)
    return [added(devices, `${name}${typeText(after)}`), ...inList(device, [], after.addresses)];
  return [
    ...(before.type === after.type ? [] : [changed(devices, name + typeText(before), name + typeText(after))]),
    ...(before.isUp === after.isUp ? [] : [changed(device, upText(before), upText(after))]),
    ...inList(device, before.addresses, after.addresses),
  ];
}

const typeText = ({ type }: LinkAnswer): string => (type === undefined ? '' : ` type ${type}`);

const upText = ({ isUp }: LinkAnswer): string => (isUp ? 'up' : 'down');
