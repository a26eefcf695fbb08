import type { SudoState } from '../run/sudo-state.js';
import type { FolderSpace, RunningProxy } from './facts.js';

/** What is read of the machine without its tools and kernel files. */
export interface Surroundings {
  readonly isRoot: boolean;
  /** True if a user is there to answer a question of sudo. */
  readonly canAnswer: boolean;
  readonly architecture: string;
  /** Folders in which tools are found. */
  readonly toolFolders: readonly string[];
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs a harmless tool through sudo without a question. */
  sudoState(): Promise<SudoState>;
  proxies(): readonly RunningProxy[];
  /** Returns the mode that kube-proxy on this node names, or undefined if it does not answer in time. */
  kubeProxyMode(): Promise<string | undefined>;
  folders(): readonly FolderSpace[];
}
