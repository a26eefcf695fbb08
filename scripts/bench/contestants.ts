import { clusterCidr, nodeName, type Size, sizeText } from './cluster.js';
import type { Contestant, Step } from './guest/task.js';
import type { Laboratory } from './laboratory.js';
import { toolFiles } from './prepared-files.js';
import { readers } from './readers.js';

const node = process.execPath;

export const fileOf = ({ folder }: Laboratory, size: Size, name: string): string =>
  `${folder}/${sizeText(size)}/${name}`;

/** kproxy's command line in the guest. */
export const kproxyArguments = ({ folder }: Laboratory, ...argv: readonly string[]): readonly string[] => [
  node,
  `${folder}/kproxy/kproxy.js`,
  ...argv,
];

const nodeArguments = ['--node', nodeName, '--cluster-cidr', clusterCidr] as const;

export const syncArguments = (laboratory: Laboratory, ...argv: readonly string[]): readonly string[] =>
  kproxyArguments(laboratory, 'sync', ...nodeArguments, ...argv);

export const diffArguments = (laboratory: Laboratory, size: Size): readonly string[] =>
  kproxyArguments(laboratory, 'diff', ...nodeArguments, '--from', fileOf(laboratory, size, 'cluster.json'));

export const kproxySync = (laboratory: Laboratory, size: Size, cluster = 'cluster.json'): Contestant => ({
  name: `kproxy ${cluster}`,
  steps: [{ name: 'sync', argv: syncArguments(laboratory, '--from', fileOf(laboratory, size, cluster)) }],
});

/** The same state in the kernel by nothing but the tools. */
export const bareWriting = (laboratory: Laboratory, size: Size): Contestant => ({
  name: 'bare tools, writing',
  steps: toolFiles.map(({ argv, file }) => ({ name: argv[0], argv, input: fileOf(laboratory, size, file) })),
});

export const bareReading: Contestant = {
  name: 'bare tools, reading',
  steps: readers.map((argv): Step => ({ name: argv[0] ?? '', argv })),
};

/** A Node that does nothing but parse the cluster's List. */
export const parsing = (laboratory: Laboratory, size: Size): Contestant => ({
  name: 'JSON.parse',
  steps: [
    {
      name: 'node',
      argv: [
        node,
        '-e',
        'JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"))',
        fileOf(laboratory, size, 'cluster.json'),
      ],
    },
  ],
});

/** A Node that starts the readers as kproxy does, parses the List, and compares nothing. */
export const readingInNode = (laboratory: Laboratory, size: Size): Contestant => ({
  name: 'Node that reads',
  steps: [
    {
      name: 'node',
      argv: [node, `${laboratory.folder}/guest/bench-readers.js`, fileOf(laboratory, size, 'cluster.json')],
    },
  ],
});
