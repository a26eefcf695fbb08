import { KproxyError } from '../../errors.js';
import { type Family, familyOf } from '../../net/address.js';
import { canonicalNetwork } from '../../net/network.js';

const unusable = (option: string, problem: string, next: string): KproxyError =>
  new KproxyError({ message: `${option}: ${problem}`, advice: next, code: 'option-invalid' });

/**
 * A list of networks, comma separated where it is one text.
 * @param option how the user knows it, for the error: `--ipvs-exclude-cidrs`
 * @throws KproxyError (exit code 2)
 */
export function parseNetworks(option: string, list: readonly string[]): readonly string[] {
  return splitList(list).map(part => {
    const network = canonicalNetwork(part);
    if (network === undefined)
      throw unusable(
        option,
        `${JSON.stringify(part)} is not a network in CIDR notation`,
        'Write it as 10.0.0.0/8 or fd00::/8.',
      );
    return network;
  });
}

/** Node port addresses: networks, or `primary` alone for the addresses that the cluster knows the node by. */
export function parseNodePortAddresses(option: string, list: readonly string[]): readonly string[] {
  const parts = splitList(list);
  if (!parts.includes('primary')) return parseNetworks(option, parts);
  if (parts.length > 1) throw unusable(option, 'primary stands alone', 'Give either primary or a list of networks.');
  return parts;
}

/** The Pods' networks, at most one of each family. */
export function parseClusterCidrs(option: string, list: readonly string[]): Readonly<Partial<Record<Family, string>>> {
  const found: Partial<Record<Family, string>> = {};
  for (const network of parseNetworks(option, list)) {
    if (found[familyOf(network)] !== undefined)
      throw unusable(
        option,
        `there are two ${familyOf(network)} networks`,
        'Give one network a family: 10.244.0.0/16,fd00:244::/32',
      );
    found[familyOf(network)] = network;
  }
  return found;
}

const splitList = (list: readonly string[]): readonly string[] =>
  list
    .flatMap(text => text.split(','))
    .map(part => part.trim())
    .filter(part => part !== '');
