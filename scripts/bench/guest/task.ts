/** One process: it has to succeed, and what it prints goes to a file. */
export interface Step {
  readonly name: string;
  readonly argv: readonly string[];
  /** Path of its standard input. */
  readonly input?: string;
}

/** What is compared with others: steps that run one after another. */
export interface Contestant {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** What the program in the guest is asked to do. */
export type Task =
  | { readonly is: 'race'; readonly contestants: readonly Contestant[]; readonly rounds: number }
  | { readonly is: 'memory'; readonly argv: readonly string[]; readonly serve?: string }
  | WatchTask
  | FileWatchTask
  | KubeProxyTask
  | { readonly is: 'idle' };

/** Changes come from an API server of the benchmark's own, through a real kubectl. */
export interface WatchTask extends ChangesTask {
  readonly is: 'watch';
}

/** Changes come by rewriting the file that is followed. */
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
  /** The command without where it finds the cluster. */
  readonly argv: readonly string[];
}

/** Milliseconds of each step, in each round. */
export type Times = Readonly<Record<string, readonly Readonly<Record<string, number>>[]>>;

export interface Peak {
  /** MiB of the whole process tree: the sum of what each process that lived at one time has had at most. */
  readonly mebibytes: number;
  readonly processes: Readonly<Record<string, number>>;
}

export interface WatchFigures {
  /** From the event to the line that tells of its sync. */
  readonly milliseconds: readonly number[];
  /** From the start to the first sync's end. */
  readonly firstSync: number;
  readonly peak: Peak;
}
