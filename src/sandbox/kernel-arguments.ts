export interface KernelOptions {
  readonly memoryMegabytes: number;
  /** A private folder of the host with the agent in it. */
  readonly folder: string;
  readonly agent: string;
  /** Further arguments, as `ipv6.disable=1`. */
  readonly more?: readonly string[];
}

/** Drivers that measure the processor or create hundreds of devices at boot. Skipping them saves more than a second. */
const slowDrivers = [
  'raid6_select_algo',
  'init_btrfs_fs',
  'calibrate_xor_blocks',
  'init_zswap',
  'init_jfs_fs',
  'init_xfs_fs',
  'init_reiserfs_fs',
];

/**
 * Gives conntrack as many lists as kube-proxy wants at least, and a limit of eight times as many connections. Only the
 * first network namespace could set them later, and the nodes of a sandbox are in others.
 */
export const conntrackArgument = 'nf_conntrack.hashsize=32768';

/**
 * Returns User-Mode Linux's command line: the host's files as a read-only root, the agent as the first process, and its
 * serial line on descriptor 3.
 */
export function kernelArguments(options: KernelOptions): readonly string[] {
  return [
    'rootfstype=hostfs',
    'rootflags=/',
    'ro',
    `mem=${options.memoryMegabytes}M`,
    'noreboot',
    `uml_dir=${options.folder}/`,
    'con=null',
    'con0=null,fd:1',
    'ssl=null',
    'ssl0=fd:3',
    `init=${options.agent}`,
    'quiet',
    'loglevel=0',
    'lpj=36265984',
    'pty.legacy_count=0',
    `initcall_blacklist=${slowDrivers.join(',')}`,
    conntrackArgument,
    ...(options.more ?? []),
  ];
}
