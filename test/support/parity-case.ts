import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkObjects } from '../../src/cluster/check.js';
import type { Cluster } from '../../src/cluster/cluster.js';
import { objectsOf } from '../../src/cluster/objects.js';
import type { NodeFacts } from '../../src/node/facts.js';
import { defaultOptions, type ProxyOptions } from '../../src/proxy/options.js';

/** A cluster, options, and the state that kube-proxy v1.37.2 in IPVS mode left in node-a's kernel for them. */
export interface ParityCase {
  readonly name: string;
  readonly cluster: Cluster;
  readonly options: ProxyOptions;
  /** The text of a file of the reference: `ipvs`, `ipset`, `addresses`, `iptables`, `ip6tables`, `sysctl`. */
  readonly reference: (file: string) => string;
}

const folder = fileURLToPath(new URL('../parity/', import.meta.url));

export const parityFacts: NodeFacts = {
  localAddresses: [
    { link: 'lo', address: '127.0.0.1', prefix: 8, scope: 'host' },
    { link: 'lo', address: '::1', prefix: 128, scope: 'host' },
    { link: 'eth0', address: '10.10.0.11', prefix: 24, scope: 'global' },
    { link: 'eth0', address: 'fd00:10:10::11', prefix: 64, scope: 'global' },
  ],
  kernelRelease: '6.1.0-13-amd64',
  unserved: [],
  untried: [],
  limits: { processors: 2, readOnly: [] },
};

export const parityOptions: ProxyOptions = {
  ...defaultOptions,
  nodeName: 'node-a',
  clusterCidrs: { IPv4: '10.244.0.0/16', IPv6: 'fd00:244::/32' },
};

/** kube-proxy's configuration in the one case that was not recorded with the defaults. */
const otherOptions: ProxyOptions = {
  ...parityOptions,
  strictArp: true,
  scheduler: { name: 'wrr', flags: [] },
  masqueradeAll: true,
  nodePortAddresses: ['10.10.0.0/24'],
};

/**
 * Reads a cluster from JSON.
 * @throws Error if an object is not valid
 */
export function clusterFrom(text: string): Cluster {
  const { cluster } = checkObjects(objectsOf({ source: 'test', value: JSON.parse(text) }));
  if (cluster.invalid.length > 0) throw new Error(JSON.stringify(cluster.invalid));
  return cluster;
}

function parityCase(name: string, reference: string, options: ProxyOptions): ParityCase {
  const [caseName = ''] = name.split(' ');
  return {
    name,
    cluster: clusterFrom(readFileSync(join(folder, 'cases', `${caseName}.json`), 'utf8')),
    options,
    reference: file => readFileSync(join(folder, reference, caseName, file), 'utf8'),
  };
}

export const parityCases: readonly ParityCase[] = [
  ...readdirSync(join(folder, 'cases')).map(file => parityCase(file.replace('.json', ''), 'reference', parityOptions)),
  parityCase('all-together with other options', 'reference-options', otherOptions),
];

export const parityCaseOf = (name: string): ParityCase => {
  const found = parityCases.find(one => one.name === name);
  if (found === undefined) throw new Error(`there is no parity case ${name}`);
  return found;
};
