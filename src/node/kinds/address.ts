import { familyOf, hostPrefix } from '../../net/address.js';
import type { Address } from '../element.js';
import type { ElementKind } from '../kind.js';
import { flatText } from '../tools/text.js';

const withPrefix = (address: Address): string => `${address.address}/${address.prefix}`;
/** Leaves out the prefix of a single host, as a person would type it. */
const short = (address: Address): string =>
  address.prefix === hostPrefix(familyOf(address.address)) ? address.address : withPrefix(address);

const replaceLine = (address: Address) => ({ text: `addr replace ${withPrefix(address)} dev ${address.link}` });

const isPresent = (address: Address) => ({
  argv: ['ip', '-o', 'addr', 'show', 'dev', address.link, 'to', withPrefix(address)],
  finds: ` ${withPrefix(address)} `,
});

/** An address of the IPVS device. Commands name the prefix before `dev`, so that a line cut short is an error. */
export const addressKind: ElementKind<Address> = {
  stage: () => 'address',
  key: address => flatText('address', withPrefix(address), 'dev', address.link),
  same: () => true,
  describe: address => `address ${withPrefix(address)} on ${address.link}`,
  steps: change =>
    change.verb === 'remove'
      ? [
          {
            command: { argv: ['ip', 'addr', 'del', withPrefix(change.before), 'dev', change.before.link] },
            when: isPresent(change.before),
          },
        ]
      : [
          {
            command: { argv: ['ip', 'addr', 'add', short(change.after), 'dev', change.after.link] },
            unless: [isPresent(change.after)],
          },
        ],
  // `addr del` fails if the address is missing. An address that is added first can be removed however often the batch
  // runs.
  batch: change =>
    change.verb === 'remove'
      ? [replaceLine(change.before), { text: `addr del ${withPrefix(change.before)} dev ${change.before.link}` }]
      : [replaceLine(change.after)],
};
