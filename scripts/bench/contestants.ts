import { clusterCidr, type Size, sizeText } from './cluster.js';
import type { Contestant, Step } from './guest/task.js';
import type { Laboratory } from './laboratory.js';
import { nodeName, serviceId } from './objects.js';
import { toolFiles } from './prepare-files.js';
import { readers } from './readers.js';

const node = process.execPath;

/** Returns the path of one of a size's files in the guest. */
export const fileOf = ({ folder }: Laboratory, size: Size, name: string): string =>
  `${folder}/${sizeText(size)}/${name}`;

/** Returns a command line of kproxy in the guest. */
export const kproxyArguments = ({ folder }: Laboratory, ...argv: readonly string[]): readonly string[] => [
  node,
  `${folder}/kproxy/kproxy.js`,
  ...argv,
];

const nodeArguments = ['--node', nodeName, '--cluster-cidr', clusterCidr] as const;

export const syncArguments = (laboratory: Laboratory, ...argv: readonly string[]): readonly string[] =>
  kproxyArguments(laboratory, 'sync', ...nodeArguments, ...argv);

export const statusArguments = (laboratory: Laboratory, size: Size): readonly string[] =>
  kproxyArguments(laboratory, 'status', ...nodeArguments, '--from', fileOf(laboratory, size, 'cluster.json'));

/** Returns the command line that explains one Service. */
export const explainArguments = (
  laboratory: Laboratory,
  size: Size,
  service: number,
  ...argv: readonly string[]
): readonly string[] => {
  const from = fileOf(laboratory, size, 'cluster.json');
  return kproxyArguments(laboratory, 'explain', serviceId(service), ...nodeArguments, '--from', from, ...argv);
};

export const diffArguments = (laboratory: Laboratory, size: Size): readonly string[] =>
  kproxyArguments(laboratory, 'diff', ...nodeArguments, '--from', fileOf(laboratory, size, 'cluster.json'));

export const kproxySync = (laboratory: Laboratory, size: Size, cluster = 'cluster.json'): Contestant => ({
  name: `kproxy ${cluster}`,
  steps: [{ name: 'sync', argv: syncArguments(laboratory, '--from', fileOf(laboratory, size, cluster)) }],
});

/** The tools alone, fed with prepared files that lead to the same state of the kernel. */
export const bareWriters = (laboratory: Laboratory, size: Size): Contestant => ({
  name: 'bare tools, writing',
  steps: toolFiles.map(({ argv, file }) => ({ name: argv[0], argv, input: fileOf(laboratory, size, file) })),
});

/** The tools that read a node, alone. */
export const bareReaders: Contestant = {
  name: 'bare tools, reading',
  steps: readers.map((argv): Step => ({ name: argv[0] ?? '', argv })),
};

const parseScript = 'JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"))';

/** A Node that only parses the cluster's List. */
export const listParser = (laboratory: Laboratory, size: Size): Contestant => ({
  name: 'JSON.parse',
  steps: [{ name: 'node', argv: [node, '-e', parseScript, fileOf(laboratory, size, 'cluster.json')] }],
});

/** A Node that starts the readers as kproxy does and parses the List, but compares nothing. */
export const readerInNode = (laboratory: Laboratory, size: Size): Contestant => ({
  name: 'Node that reads',
  steps: [
    {
      name: 'node',
      argv: [node, `${laboratory.folder}/guest/bench-readers.js`, fileOf(laboratory, size, 'cluster.json')],
    },
  ],
});
