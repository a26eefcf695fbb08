/** Folders and files of the guest that the lab writes. */
export const guestPaths = {
  /** The first folder of the guest's PATH. */
  programs: '/run/kproxy/bin',
  /** What the programs of the lesson start or read. */
  lesson: '/run/kproxy/lesson',
  /** The cluster's objects: `KIND.NAME.json`. */
  cluster: '/run/kproxy/cluster',
  /** `NAME.pid` holds the process id of the Pod's server. */
  pods: '/run/kproxy/pods',
  /** A file for each machine whose shell is root's. */
  rootShells: '/run/kproxy/root-shells',
  /** A file for each machine with the variables that its lines have set. */
  kept: '/run/kproxy/kept',
  /** A folder for each machine. */
  homes: '/run/home',
} as const;

/** The script that reads the kernels and the cluster. */
export const observerPath = `${guestPaths.lesson}/observer`;
