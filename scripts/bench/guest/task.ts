/** A process. Its output goes to a file. */
export interface Step {
  readonly name: string;
  readonly argv: readonly string[];
  /** What it must end with: 0 if it is not set. */
  readonly exitCode?: number;
  /** Path of its standard input. */
  readonly input?: string;
}

/** Steps that run one after another, and whose time is compared with that of other contestants. */
export interface Contestant {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** What the program in the guest does. */
export type Task =
  | { readonly is: 'race'; readonly contestants: readonly Contestant[]; readonly rounds: number }
  /** `serve` is the path of a List that an API server serves meanwhile. */
  | { readonly is: 'memory'; readonly argv: readonly string[]; readonly exitCode?: number; readonly serve?: string }
  | WatchTask
  | FileWatchTask
  | KubeProxyTask
  | { readonly is: 'idle' };

/** Changes come from the benchmark's API server, through a real kubectl. */
export interface WatchTask extends ChangesTask {
  readonly is: 'watch';
}

/** Changes come from replacing the file that is followed. */
export interface FileWatchTask extends ChangesTask {
  readonly is: 'file-watch';
}

export interface KubeProxyTask extends ChangesTask {
  readonly is: 'kube-proxy';
}

interface ChangesTask {
  /** Path of the cluster's List. */
  readonly cluster: string;
  readonly services: number;
  readonly endpoints: number;
  readonly changes: number;
  /** The command, without the arguments that name the cluster. */
  readonly argv: readonly string[];
}

/** Milliseconds of each step in each round, by contestant. */
export type Times = Readonly<Record<string, readonly Readonly<Record<string, number>>[]>>;

export interface Peak {
  /** The sum over the process tree of what each process has had at most. */
  readonly mebibytes: number;
  /** The same for each process, by its name and number. */
  readonly processes: Readonly<Record<string, number>>;
}

export interface WatchFigures {
  /** From each event to the log line of its sync. */
  readonly milliseconds: readonly number[];
  /** Milliseconds from the start to the end of the first sync. */
  readonly firstSync: number;
  readonly peak: Peak;
}
