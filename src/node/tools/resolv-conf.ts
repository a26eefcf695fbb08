import { canonicalAddress } from '../../net/address.js';

/** Yields the resolvers of /etc/resolv.conf. */
export function* nameservers(text: string): Generator<string> {
  for (const [, word = ''] of text.matchAll(/^nameserver[ \t]+([^ \t\n%]+)/gm)) {
    const address = canonicalAddress(word);
    if (address !== undefined) yield address;
  }
}
