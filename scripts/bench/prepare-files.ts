import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkObjects } from '../../src/cluster/check.js';
import { batches } from '../../src/node/batches.js';
import { type Change, subjectOf } from '../../src/node/change.js';
import type { Command } from '../../src/node/command.js';
import type { NodeFacts } from '../../src/node/facts.js';
import type { Plan } from '../../src/plan/plan.js';
import { defaultOptions } from '../../src/proxy/options.js';
import { reconcileFromNothing } from '../../src/sync/reconcile-from-nothing.js';
import {
  type ClusterList,
  clusterCidr,
  clusterOf,
  endpointAddition,
  type Size,
  sizeText,
  withChange,
} from './cluster.js';
import { nodeName } from './objects.js';

/** The tools that write a node, in the order in which they must run, with the file that each one reads. */
export const toolFiles = [
  { argv: ['ipset', '-exist', 'restore'], file: 'ipset' },
  { argv: ['iptables-restore', '-w', '--noflush'], file: 'iptables-restore' },
  { argv: ['ip6tables-restore', '-w', '--noflush'], file: 'ip6tables-restore' },
  { argv: ['ip', '-batch', '-'], file: 'ip' },
  { argv: ['ipvsadm', '--restore'], file: 'ipvsadm' },
] as const;

/** What must be set on a node before the tools run. Only kproxy's time includes it. */
export interface Preparation {
  readonly sysctls: readonly { readonly path: string; readonly value: string }[];
}

/**
 * Writes the files of a size into a folder named after it: the cluster, the cluster with one more endpoint, and the
 * files that the tools read.
 */
export async function prepareFiles(folder: string, size: Size): Promise<Preparation> {
  const sizeFolder = join(folder, sizeText(size));
  await mkdir(sizeFolder);
  const cluster = clusterOf(size);
  await writeFile(join(sizeFolder, 'cluster.json'), JSON.stringify(cluster));
  await writeFile(join(sizeFolder, 'changed.json'), JSON.stringify(withChange(cluster, endpointAddition(size, 7))));
  const plan = planFor(cluster);
  const commands = batches(plan).map(({ step }) => step.command);
  for (const { file } of toolFiles) await writeFile(join(sizeFolder, file), inputOf(file, commands));
  return { sysctls: plan.flatMap(sysctlsOf) };
}

const facts: NodeFacts = {
  kernelRelease: undefined,
  unserved: [],
  untried: [],
  limits: { processors: undefined, readOnly: [] },
  localAddresses: [
    { link: 'lo', address: '127.0.0.1', prefix: 8, scope: 'host' },
    { link: 'eth0', address: '10.10.0.11', prefix: 24, scope: 'global' },
  ],
};

/** Returns the plan of kproxy's own cold sync. The tools read the input of its commands. */
function planFor({ items }: ClusterList): Plan {
  const { cluster } = checkObjects(items.map(value => ({ source: 'bench', value })));
  const options = { ...defaultOptions, nodeName, clusterCidrs: { IPv4: clusterCidr } };
  return reconcileFromNothing(cluster, options, facts).plan;
}

/**
 * Returns the whole input of one tool. kproxy starts iptables-restore twice, and ip once for the device and once for
 * its addresses.
 */
const inputOf = (program: string, commands: readonly Command[]): string =>
  commands
    .filter(({ argv }) => argv[0] === program)
    .map(({ argv, input }) => input ?? `${argv.slice(1).join(' ')}\n`)
    .join('');

/** Limits of the whole machine cannot be set on a node of the sandbox, which begins with enough. */
function sysctlsOf(change: Change): Preparation['sysctls'] {
  const element = subjectOf(change);
  if (element.kind !== 'sysctl' || element.atLeast === true) return [];
  return [{ path: `/proc/sys/${element.name}`, value: element.value }];
}
