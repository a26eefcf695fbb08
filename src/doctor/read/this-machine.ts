import { tmpdir } from 'node:os';
import { messageOf } from '../../errors.js';
import { findOtherProxies, type OtherProxy } from '../../node/other-proxies.js';
import { readFreeSpace } from '../../run/folder-space.js';
import { readKubeProxyMode } from '../../run/kube-proxy-mode.js';
import { readProcFile } from '../../run/process-table.js';
import { readSudoState } from '../../run/sudo-state.js';
import { toolFolders } from '../../run/tool-path.js';
import type { FolderSpace, RunningProxy } from '../facts.js';
import type { Surroundings } from '../surroundings.js';
import { unread } from './fact.js';

/** This machine, for what its tools do not tell. */
export const thisMachine = (): Surroundings => ({
  isRoot: process.getuid?.() === 0,
  canAnswer: process.stdin.isTTY ?? false,
  architecture: process.arch,
  toolFolders: toolFolders(),
  now: () => Date.now(),
  sudoState: readSudoState,
  proxies: () => findOtherProxies().map(withManager),
  kubeProxyMode: () => readKubeProxyMode(),
  folders: () => [...new Set(['/run', tmpdir()])].map(spaceOf),
});

const withManager = (proxy: OtherProxy): RunningProxy => ({
  ...proxy,
  words: readProcFile(`${proxy.process}/cmdline`).split('\0'),
  manager: managerIn(readProcFile(`${proxy.process}/cgroup`)),
});

/** Returns what keeps a process running, by its control groups: `pod`, the name of a unit of systemd, or undefined. */
export function managerIn(groups: string): string | undefined {
  if (/\/kubepods/.test(groups)) return 'pod';
  return /\/([\w.@:-]+\.service)(?:\/|$)/m.exec(groups)?.[1];
}

function spaceOf(folder: string): FolderSpace {
  try {
    return { folder, space: { is: 'read', value: readFreeSpace(folder) } };
  } catch (error) {
    return { folder, space: unread(messageOf(error)) };
  }
}
