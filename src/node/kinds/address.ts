import { familyOf, hostPrefix } from '../../net/address.js';
import type { Change } from '../change.js';
import type { Step } from '../command.js';
import type { Address } from '../element.js';
import type { BatchLine, ElementKind } from '../kind.js';
import { flatText, isShouldBe } from '../tools/text.js';

const withPrefix = ({ address, prefix, peer }: Address): string =>
  peer === undefined ? `${address}/${prefix}` : `${address} peer ${peer}/${prefix}`;
/** Leaves out the prefix of a single host, as a person would type it. */
const short = (address: Address): string => (isPlain(address) ? address.address : withPrefix(address));

const isPlain = ({ address, prefix, peer }: Address): boolean =>
  peer === undefined && prefix === hostPrefix(familyOf(address));

const words = (address: Address): readonly string[] => [...withPrefix(address).split(' '), 'dev', address.link];

/** Names every address with this text, whatever its prefix and peer are. */
const filter = ({ address, link }: Address): readonly string[] => [
  'dev',
  link,
  'to',
  `${address}/${hostPrefix(familyOf(address))}`,
];

const isPresent = (address: Address) => ({
  argv: ['ip', '-o', 'addr', 'show', ...filter(address)],
  finds: ` ${withPrefix(address)} `,
});

const isSamePlace = (one: Address, other: Address): boolean => one.prefix === other.prefix && one.peer === other.peer;

const replaceLine = (address: Address): BatchLine => ({ text: `addr replace ${words(address).join(' ')}` });
const flushWords = (address: Address): readonly string[] => ['addr', 'flush', ...filter(address)];

const add = (address: Address): Step => ({
  command: { argv: ['ip', 'addr', 'add', ...short(address).split(' '), 'dev', address.link] },
  unless: [isPresent(address)],
});

/** An IPv6 address keeps its prefix and its peer as long as it exists, and can exist only once on a device. */
const changeSteps = ({ before, after }: Change<Address> & { readonly verb: 'change' }): readonly Step[] =>
  isSamePlace(before, after)
    ? [{ command: { argv: ['ip', 'addr', 'replace', ...words(after)] } }]
    : [{ command: { argv: ['ip', ...flushWords(after)] }, unless: [isPresent(after)] }, add(after)];

/**
 * An address of the IPVS device. Commands name the prefix before `dev`, so that a line cut short is an error. IPv4
 * addresses with one text and different prefixes or peers are different addresses.
 */
export const addressKind: ElementKind<Address> = {
  stage: () => 'address',
  key: address =>
    flatText('address', address.address.includes(':') ? address.address : withPrefix(address), 'dev', address.link),
  same: (actual, desired) => isSamePlace(actual, desired) && actual.expires === desired.expires,
  differences: (actual, desired) => [
    ...(actual.prefix === desired.prefix ? [] : [isShouldBe('prefix', actual.prefix, desired.prefix)]),
    ...(actual.peer === desired.peer ? [] : [isShouldBe('peer', actual.peer, desired.peer)]),
    ...(actual.expires === desired.expires ? [] : ['it will expire, and should stay']),
  ],
  describe: address => `address ${withPrefix(address)} on ${address.link}`,
  steps: change => {
    if (change.verb === 'change') return changeSteps(change);
    if (change.verb === 'add') return [add(change.after)];
    const argv = ['ip', 'addr', 'del', ...words(change.before)];
    return [{ command: { argv }, when: isPresent(change.before) }];
  },
  // `addr del` fails if the address is missing. An address that is added first can be removed however often the batch
  // runs. `addr flush` never fails; it names the device first, so that a line cut short concerns no other device.
  batch: change => {
    if (change.verb === 'remove')
      return [replaceLine(change.before), { text: `addr del ${words(change.before).join(' ')}` }];
    if (change.verb === 'change' && !isSamePlace(change.before, change.after))
      return [{ text: flushWords(change.after).join(' ') }, replaceLine(change.after)];
    return [replaceLine(change.after)];
  },
};
