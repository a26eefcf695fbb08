import type { Sandbox } from '../../../../src/sandbox/sandbox.js';
import { setPolicy } from './prepare.js';
import type { Row } from './row.js';
import { table, tableWithClosedInput, tableWithOtherOptions, tableWithOwnPods } from './table.js';

/** A state of a programmed node, and the table for it. */
export interface Situation {
  readonly name: string;
  readonly enter: (sandbox: Sandbox) => Promise<void>;
  readonly rows: readonly Row[];
}

/** The situations in the order in which they are entered. */
export const situations: readonly Situation[] = [
  { name: 'an open firewall', enter: async () => {}, rows: table },
  { name: 'a FORWARD policy of DROP', enter: sandbox => setPolicy(sandbox, 'FORWARD', 'DROP'), rows: table },
  {
    name: 'an INPUT policy of DROP',
    enter: sandbox => setPolicy(sandbox, 'INPUT', 'DROP'),
    rows: tableWithClosedInput,
  },
];

/** The situation after those, when the proxy has `otherOptions`. */
export const withOtherOptions: Situation = {
  name: 'everything masqueraded and node ports on one network',
  enter: sandbox => setPolicy(sandbox, 'INPUT', 'ACCEPT'),
  rows: tableWithOtherOptions,
};

export const otherOptions = {
  masqueradeAll: true,
  nodePortAddresses: ['192.168.33.0/24', 'fd00:192:168:33::/64'],
} as const;

/** A situation in which the proxy has further fields of a KubeProxyConfiguration. */
export interface ConfiguredSituation extends Situation {
  readonly configuration: Readonly<Record<string, unknown>>;
}

const ownPods = (name: string, configuration: ConfiguredSituation['configuration']): ConfiguredSituation => ({
  name: `local traffic detected by ${name}`,
  enter: async () => {},
  rows: tableWithOwnPods,
  configuration,
});

/** The ways of detecting local traffic by which only this node's Pods are local. They follow `withOtherOptions`. */
export const detections: readonly ConfiguredSituation[] = [
  ownPods('the bridge', { detectLocalMode: 'BridgeInterface', detectLocal: { bridgeInterface: 'cni0' } }),
  ownPods('the names of devices', {
    detectLocalMode: 'InterfaceNamePrefix',
    detectLocal: { interfaceNamePrefix: 'cni' },
  }),
  ownPods('the podCIDRs of the node', { detectLocalMode: 'NodeCIDR' }),
];
