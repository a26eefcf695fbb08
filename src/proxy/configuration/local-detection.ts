import { KproxyError } from '../../errors.js';
import type { LocalDetection } from '../options.js';
import type { Configuration, Origin } from './configuration.js';
import type { FieldPath } from './fields.js';

/** In characters: the kernel's IFNAMSIZ without the final zero. */
const longestName = 15;

/**
 * Returns how the packets of the node's Pods are recognized.
 * @throws KproxyError option-invalid or configuration-invalid if the mode needs an interface and there is none
 */
export function localDetection(configuration: Configuration): LocalDetection {
  const { values } = configuration;
  switch (values.detectLocalMode) {
    case 'ClusterCIDR':
      return { by: 'ClusterCIDR' };
    case 'NodeCIDR':
      return { by: 'NodeCIDR' };
    case 'BridgeInterface': {
      const name = values['detectLocal.bridgeInterface'];
      require(configuration, 'detectLocal.bridgeInterface', longestName);
      return { by: 'BridgeInterface', name };
    }
    case 'InterfaceNamePrefix': {
      const prefix = values['detectLocal.interfaceNamePrefix'];
      // iptables wants a plus sign after the prefix, within the same length.
      require(configuration, 'detectLocal.interfaceNamePrefix', longestName - 1);
      return { by: 'InterfaceNamePrefix', prefix };
    }
  }
}

type InterfaceField = 'detectLocal.bridgeInterface' | 'detectLocal.interfaceNamePrefix';

const flagOf: Readonly<Record<InterfaceField, string>> = {
  'detectLocal.bridgeInterface': '--pod-bridge-interface',
  'detectLocal.interfaceNamePrefix': '--pod-interface-name-prefix',
};

/** Checks the name as the kernel and iptables do. kube-proxy only refuses an empty one; then every sync fails. */
function require({ values, originOf }: Configuration, path: InterfaceField, longest: number): void {
  const name = values[path];
  const what = path === 'detectLocal.bridgeInterface' ? 'name' : 'beginning of the name';
  if (name === '') {
    const problem = `${values.detectLocalMode} needs the ${what} of an interface`;
    throw invalid(originOf('detectLocalMode'), 'detectLocalMode', problem, flagOf[path]);
  }
  if (!/^[\x21-\x7e]+$/.test(name) || /[/+!:]/.test(name) || ['.', '..'].includes(name) || name.length > longest)
    throw invalid(originOf(path), path, `${JSON.stringify(name)} cannot be the ${what} of an interface`, flagOf[path]);
}

const invalid = (origin: Origin, path: FieldPath, problem: string, flag: string): KproxyError =>
  new KproxyError({
    message: `${origin.from === 'default' ? path : origin.name}: ${problem}`,
    advice: `Correct ${flag} or detectLocal. Names have at most ${longestName} characters. Nothing was changed.`,
    code: origin.from === 'file' ? 'configuration-invalid' : 'option-invalid',
  });
