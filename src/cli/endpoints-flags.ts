import type { WatchFlags } from './watch-flags.js';

export interface EndpointsFlags extends WatchFlags {
  readonly from: readonly string[];
  readonly namespace?: string;
  readonly allNamespaces?: boolean;
  readonly dryRun?: boolean;
  readonly output?: 'json' | 'yaml';
}
