import type { LocalDetection } from '../options.js';
import { type Configuration, wrongValue } from './configuration.js';
import { flagOf } from './flags.js';

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

/** Checks the name as the kernel and iptables do. kube-proxy only refuses an empty one; then every sync fails. */
function require(configuration: Configuration, path: InterfaceField, longest: number): void {
  const { values } = configuration;
  const name = values[path];
  const advice = `Correct ${flagOf(path)} or detectLocal. Names have at most ${longestName} characters.`;
  const what = path === 'detectLocal.bridgeInterface' ? 'name' : 'beginning of the name';
  if (name === '') {
    const problem = `${values.detectLocalMode} needs the ${what} of an interface`;
    throw wrongValue(configuration, 'detectLocalMode', problem, advice);
  }
  if (!/^[\x21-\x7e]+$/.test(name) || /[/+!:]/.test(name) || ['.', '..'].includes(name) || name.length > longest)
    throw wrongValue(configuration, path, `${JSON.stringify(name)} cannot be the ${what} of an interface`, advice);
}
