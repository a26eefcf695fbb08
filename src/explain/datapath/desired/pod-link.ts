import type { DatapathLink } from '../../../node/datapath/datapath.js';
import type { ProxyOptions } from '../../../proxy/options.js';

/** The device through which a node reaches its Pods. */
export interface PodLink {
  readonly name: string;
  /** Undefined if the device leads to Pods without a bridge. */
  readonly bridgePort: string | undefined;
  /** What is assumed of the device, as a part of a sentence. */
  readonly assumed: string;
}

/** Returns the device that the way of detecting local traffic presumes, else the bridge of most simple networks. */
export function podLinkOf({ localDetection }: Pick<ProxyOptions, 'localDetection'>): PodLink {
  if (localDetection.by === 'InterfaceNamePrefix')
    return {
      name: `${localDetection.prefix}0`,
      bridgePort: undefined,
      assumed: `through devices such as ${localDetection.prefix}0, without a bridge`,
    };
  const bridge = localDetection.by === 'BridgeInterface' ? localDetection.name : 'cni0';
  // One port stands for those of all Pods.
  return { name: bridge, bridgePort: 'veth0', assumed: `through the bridge ${bridge}` };
}

/** Returns the device with these addresses, and its port if it is a bridge. */
export const linksOf = (
  { name, bridgePort }: PodLink,
  addresses: DatapathLink['addresses'],
): readonly DatapathLink[] =>
  bridgePort === undefined
    ? [{ name, type: 'veth', isUp: true, addresses }]
    : [
        { name, type: 'bridge', isUp: true, addresses },
        { name: bridgePort, type: 'veth', master: name, isUp: true, isHairpin: true, addresses: [] },
      ];
