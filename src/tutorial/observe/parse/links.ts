import { isLinkLocalIpv6 } from '../../../net/address.js';
import type { DatapathLink, LinkAddress } from '../../../node/datapath/datapath.js';
import { parseLinks } from '../../../node/tools/ip-link-list.js';
import type { LinkAnswer } from '../observed.js';

/** Parses the output of `ip -j -d addr`: all devices. */
export const linksIn = (text: string): ReadonlyMap<string, LinkAnswer> =>
  new Map(parseLinks(text).map(link => [link.name, answerOf(link)]));

const answerOf = ({ type, isUp, addresses }: DatapathLink): LinkAnswer => ({
  type,
  isUp,
  // The kernel adds and removes link-local addresses of IPv6 by itself, some time after a device is up or down.
  addresses: addresses.filter(({ address }) => !isLinkLocalIpv6(address)).map(addressText),
});

const addressText = ({ address, prefix, peer }: LinkAddress): string =>
  peer === undefined ? `${address}/${prefix}` : `${address} peer ${peer}/${prefix}`;
