import { KproxyError } from '../../errors.js';
import { type Family, familyOf, withoutLeadingZeros } from '../../net/address.js';
import { canonicalNetwork } from '../../net/network.js';
import { type NodePortKeyword, nodePortKeywords } from '../node-addresses.js';

const invalid = (option: string, problem: string, advice: string): KproxyError =>
  new KproxyError({ message: `${option}: ${problem}`, advice, code: 'option-invalid' });

/**
 * Parses networks from texts that may each hold several, separated by commas.
 * @param option the name that the error shows: `--ipvs-exclude-cidrs`
 * @throws KproxyError option-invalid
 */
export function parseNetworks(option: string, list: readonly string[]): readonly string[] {
  return splitList(list).map(part => {
    const network = canonicalNetwork(withoutLeadingZeros(part));
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
 * Parses node port addresses: networks and keywords, in any combination. What keywords stand for depends on the node:
 * see `../node-addresses.ts`.
 * @throws KproxyError option-invalid
 */
export function parseNodePortAddresses(option: string, list: readonly string[]): readonly string[] {
  const parts = splitList(list);
  const keywords = parts.filter(isKeyword);
  const twice = keywords.find((keyword, index) => keywords.indexOf(keyword) !== index);
  if (twice !== undefined) throw invalid(option, `there are two ${twice}`, 'Leave out one of them.');
  return [...keywords, ...parts.filter(part => !isKeyword(part)).flatMap(part => parseNodePortNetwork(option, part))];
}

const isKeyword = (part: string): part is NodePortKeyword => (nodePortKeywords as readonly string[]).includes(part);

function parseNodePortNetwork(option: string, part: string): string {
  const network = canonicalNetwork(withoutLeadingZeros(part));
  if (network !== undefined) return network;
  throw invalid(
    option,
    `${JSON.stringify(part)} is neither a network in CIDR notation nor one of ${nodePortKeywords.join(', ')}`,
    'Write primary, or networks as 10.0.0.0/8 or fd00::/8, or both.',
  );
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
