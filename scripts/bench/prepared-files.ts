import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkObjects } from '../../src/cluster/check.js';
import { batches } from '../../src/node/batches.js';
import type { Command } from '../../src/node/command.js';
import type { NodeFacts } from '../../src/node/facts.js';
import { defaultOptions } from '../../src/proxy/options.js';
import { reconcileFromNothing } from '../../src/sync/reconcile-from-nothing.js';
import {
  type ClusterList,
  clusterCidr,
  clusterOf,
  endpointAdded,
  nodeName,
  type Size,
  sizeText,
  withChange,
} from './cluster.js';

/** The bare tools in the order in which they have to run, with the file that each is fed. */
export const toolFiles = [
  { argv: ['ipset', '-exist', 'restore'], file: 'ipset' },
  { argv: ['iptables-restore', '-w', '--noflush'], file: 'iptables-restore' },
  { argv: ['ip6tables-restore', '-w', '--noflush'], file: 'ip6tables-restore' },
  { argv: ['ip', '-batch', '-'], file: 'ip' },
  { argv: ['ipvsadm', '--restore'], file: 'ipvsadm' },
] as const;

/** What is done to a node before the clock runs: kproxy does it in its own time. */
export interface Preparation {
  readonly sysctls: readonly { readonly path: string; readonly value: string }[];
}

/** Writes a size's cluster, the same with one endpoint more, and the bare tools' files for it, into a folder named as the size. */
export async function prepareFiles(folder: string, size: Size): Promise<Preparation> {
  const own = join(folder, sizeText(size));
  await mkdir(own);
  const cluster = clusterOf(size);
  await writeFile(join(own, 'cluster.json'), JSON.stringify(cluster));
  await writeFile(join(own, 'changed.json'), JSON.stringify(withChange(cluster, endpointAdded(size, 7))));
  const commands = commandsFor(cluster);
  for (const { file } of toolFiles) await writeFile(join(own, file), inputOf(file, commands));
  return { sysctls: commands.flatMap(sysctlsOf) };
}

const facts: NodeFacts = {
  kernelRelease: undefined,
  localAddresses: [
    { link: 'lo', address: '127.0.0.1', prefix: 8, scope: 'host' },
    { link: 'eth0', address: '10.10.0.11', prefix: 24, scope: 'global' },
  ],
};

/** The few processes of kproxy's own cold sync: its plan is what the tools are fed. */
function commandsFor({ items }: ClusterList): readonly Command[] {
  const { cluster } = checkObjects(items.map(value => ({ source: 'bench', value })));
  const options = { ...defaultOptions, nodeName, clusterCidrs: { IPv4: clusterCidr } };
  return batches(reconcileFromNothing(cluster, options, facts).plan).map(({ step }) => step.command);
}

/** All that one tool gets, in one file: kproxy runs iptables-restore twice, and ip for the device and for its addresses. */
const inputOf = (program: string, commands: readonly Command[]): string =>
  commands
    .filter(({ argv }) => argv[0] === program)
    .map(({ argv, input }) => input ?? `${argv.slice(1).join(' ')}\n`)
    .join('');

const sysctlsOf = ({ argv, input = '' }: Command): Preparation['sysctls'] =>
  argv[0] === 'tee' ? argv.slice(1).map(path => ({ path, value: input })) : [];
