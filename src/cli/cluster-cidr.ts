import { canonicalNetwork, type Family, familyOf } from '../cluster/network-schema.js';
import { ExitCode, KproxyError } from '../errors.js';

/**
 * Comma separated networks, at most one of each family.
 * @throws KproxyError (exit code 2)
 */
export function parseClusterCidrs(text: string): Readonly<Partial<Record<Family, string>>> {
  const found: Partial<Record<Family, string>> = {};
  for (const part of text.split(',')) {
    const network = canonicalNetwork(part);
    if (network === undefined) throw unusable(`${JSON.stringify(part)} is not a network in CIDR notation`);
    if (found[familyOf(network)] !== undefined) throw unusable(`there are two ${familyOf(network)} networks`);
    found[familyOf(network)] = network;
  }
  return found;
}

const unusable = (problem: string): KproxyError =>
  new KproxyError({
    message: `--cluster-cidr: ${problem}`,
    next: 'Give one network a family, separated by a comma: --cluster-cidr 10.244.0.0/16,fd00:244::/32',
    exitCode: ExitCode.usage,
  });
