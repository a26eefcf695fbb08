import type { Address } from '../element.js';
import type { ElementKind } from '../kind.js';
import { inOnePiece } from '../tools/text.js';

const hostPrefix = (address: Address): number => (address.address.includes(':') ? 128 : 32);
const withPrefix = (address: Address): string => `${address.address}/${address.prefix}`;
/** What a person types: ip takes an address without a prefix for a host's. */
const short = (address: Address): string =>
  address.prefix === hostPrefix(address) ? address.address : withPrefix(address);

const replaceLine = (address: Address) => ({ text: `addr replace ${withPrefix(address)} dev ${address.link}` });

const isThere = (address: Address) => ({
  argv: ['ip', '-o', 'addr', 'show', 'dev', address.link, 'to', withPrefix(address)],
  finds: ` ${withPrefix(address)} `,
});

/** An address of the IPVS device. The prefix stands before `dev`, so that a line that is cut short is an error and not another prefix. */
export const addressKind: ElementKind<Address> = {
  stage: () => 'address',
  key: address => inOnePiece('address', withPrefix(address), 'dev', address.link),
  same: () => true,
  describe: address => `address ${withPrefix(address)} on ${address.link}`,
  steps: change =>
    change.verb === 'remove'
      ? [
          {
            command: { argv: ['ip', 'addr', 'del', withPrefix(change.before), 'dev', change.before.link] },
            when: isThere(change.before),
          },
        ]
      : [
          {
            command: { argv: ['ip', 'addr', 'add', short(change.after), 'dev', change.after.link] },
            unless: [isThere(change.after)],
          },
        ],
  // `addr del` fails where there is nothing to delete: put there first, the address can be deleted however often the batch runs.
  batch: change =>
    change.verb === 'remove'
      ? [replaceLine(change.before), { text: `addr del ${withPrefix(change.before)} dev ${change.before.link}` }]
      : [replaceLine(change.after)],
};
