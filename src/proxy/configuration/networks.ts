import { KproxyError } from '../../errors.js';
import { type Family, familyOf } from '../../net/address.js';
import { canonicalNetwork } from '../../net/network.js';

const invalid = (option: string, problem: string, advice: string): KproxyError =>
  new KproxyError({ message: `${option}: ${problem}`, advice, code: 'option-invalid' });

/**
 * Parses networks from texts that may each hold several, separated by commas.
 * @param option the name that the error shows: `--ipvs-exclude-cidrs`
 * @throws KproxyError option-invalid
 */
export function parseNetworks(option: string, list: readonly string[]): readonly string[] {
  return splitList(list).map(part => {
    const network = canonicalNetwork(part);
    if (network === undefined)
      throw invalid(
        option,
        `${JSON.stringify(part)} is not a network in CIDR notation`,
        'Write it as 10.0.0.0/8 or fd00::/8.',
      );
    return network;
  });
}

/**
 * Parses node port addresses: networks, or `primary` alone for the addresses of the Node object.
 * @throws KproxyError option-invalid
 */
export function parseNodePortAddresses(option: string, list: readonly string[]): readonly string[] {
  const parts = splitList(list);
  if (!parts.includes('primary')) return parseNetworks(option, parts);
  if (parts.length > 1)
    throw invalid(option, 'primary cannot be combined with networks', 'Give either primary or a list of networks.');
  return parts;
}

/**
 * Parses the networks of the Pods, at most one for each family.
 * @throws KproxyError option-invalid
 */
export function parseClusterCidrs(option: string, list: readonly string[]): Readonly<Partial<Record<Family, string>>> {
  const found: Partial<Record<Family, string>> = {};
  for (const network of parseNetworks(option, list)) {
    if (found[familyOf(network)] !== undefined)
      throw invalid(
        option,
        `there are two ${familyOf(network)} networks`,
        'Give one network for each family: 10.244.0.0/16,fd00:244::/32.',
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
