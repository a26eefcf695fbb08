/** The folders in which tools are found, in this order: those of sudo's secure_path on Debian. */
export const systemFolders = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
] as const satisfies readonly string[];

interface ToolFolders {
  /** The folders of --tool-path. */
  readonly chosen: readonly string[];
  readonly all: readonly string[];
}

let folders: ToolFolders = { chosen: [], all: systemFolders };

/**
 * Sets where tools are found from now on: in these folders, then in the system's. The caller's PATH is not used,
 * because whoever sets it would choose the programs that run as root.
 * @param system replaces the system's folders, in tests
 */
export function useToolPath(chosen: readonly string[], system: readonly string[] = systemFolders): void {
  folders = { chosen, all: [...chosen, ...system] };
}

/** Returns the folders of --tool-path. */
export const chosenFolders = (): readonly string[] => folders.chosen;

/** Returns all folders in which tools are found. */
export const toolFolders = (): readonly string[] => folders.all;

/**
 * Returns the folders in which programs are found that run with the user's own rights. An ordinary user's kubectl is
 * often in a folder of PATH alone. Relative folders are left out, and so is all of PATH if the user is root.
 */
export function userFolders(isRoot: boolean = process.getuid?.() === 0): readonly string[] {
  if (isRoot) return folders.all;
  const path = (process.env.PATH ?? '').split(':').filter(folder => folder.startsWith('/'));
  return [...new Set([...folders.chosen, ...path, ...folders.all])];
}
