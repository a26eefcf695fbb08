import { rmSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSandbox } from '../../src/sandbox/open-sandbox.js';
import type { CommandOptions, Sandbox } from '../../src/sandbox/sandbox.js';
import { type Size, sizeText } from './cluster.js';
import type { Task } from './guest/task.js';
import { type Preparation, prepareFiles } from './prepare-files.js';

/** A sandbox to measure in. It runs one node at a time. */
export interface Laboratory {
  /** The guest's folder that holds the program and the files. */
  readonly folder: string;
  /** Copies a size's files into the guest, once. */
  prepare(size: Size): Promise<Preparation>;
  /** Adds programs of a folder to the guest's PATH. */
  addPrograms(folder: string, names: readonly string[]): Promise<void>;
  /** Runs the work on a new, empty node. Then removes the node and waits until the kernel has freed it. */
  withNode<Result>(work: (node: LaboratoryNode) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

interface LaboratoryNode {
  /** Runs a measurement on the node. */
  run<Result>(task: Task): Promise<Result>;
  /** Runs a command on the node and returns its output. @throws Error if it fails */
  output(argv: readonly string[]): Promise<string>;
  writeFile(path: string, content: string): Promise<void>;
}

type RunInGuest = (argv: readonly string[], options?: CommandOptions) => Promise<string>;

const memoryMegabytes = 3072;
const taskTimeout = 1_800_000;
const folder = '/run/bench';

/**
 * Boots the sandbox. It measures copies of `dist` and `.build`, so a build that runs meanwhile does no harm.
 * @param project the project's folder, with `dist` and `.build` built
 * @param programFolders more folders that the guest must see
 */
export async function openLaboratory(project: string, programFolders: readonly string[]): Promise<Laboratory> {
  const host = await mkdtemp(join(tmpdir(), 'kproxy-bench-'));
  await cp(join(project, 'dist'), join(host, 'kproxy'), { recursive: true });
  await cp(join(project, '.build'), join(host, 'guest'), { recursive: true });
  const removeFiles = () => rm(host, { recursive: true, force: true });
  // Also removes the files if the benchmark is interrupted. The sandbox removes its own.
  process.once('exit', () => rmSync(host, { recursive: true, force: true }));
  try {
    const sandbox = await openSandbox({ memoryMegabytes, visibleFolders: [host, ...programFolders] });
    return await startLaboratory(sandbox, host, removeFiles);
  } catch (error) {
    await removeFiles();
    throw error;
  }
}

async function startLaboratory(sandbox: Sandbox, host: string, removeFiles: () => Promise<void>): Promise<Laboratory> {
  const runInGuest: RunInGuest = async (argv, options = {}) => {
    const { exitCode, stdout, stderr } = await sandbox.run(argv, { timeoutMilliseconds: taskTimeout, ...options });
    if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with ${exitCode}: ${stderr.trim()}`);
    return stdout;
  };
  const runTask = async (task: Task, options: CommandOptions = {}) => {
    await sandbox.writeFile('/tmp/bench-task.json', JSON.stringify(task));
    const argv = [process.execPath, `${folder}/guest/bench-guest.js`, '/tmp/bench-task.json'];
    return JSON.parse(await runInGuest(argv, options));
  };
  // The guest reads files of the host slowly, which must not be measured.
  const copy = (name: string) => runInGuest(['cp', '-R', join(host, name), folder]);
  await runInGuest(['mkdir', '-p', folder]);
  await copy('kproxy');
  await copy('guest');
  await runInGuest(['modprobe', 'ip_vs']);
  const preparations = new Map<string, Preparation>();
  let nodeCount = 0;
  return {
    folder,
    prepare: async size => {
      const existing = preparations.get(sizeText(size));
      if (existing !== undefined) return existing;
      const preparation = await prepareFiles(host, size);
      await copy(sizeText(size));
      preparations.set(sizeText(size), preparation);
      return preparation;
    },
    addPrograms: async (source, names) => {
      for (const name of names) await runInGuest(['ln', '-sf', join(source, name), '/run/kproxy/bin/']);
    },
    withNode: async work => {
      nodeCount += 1;
      const namespace = `node-${nodeCount}`;
      await addNode(runInGuest, namespace);
      try {
        return await work({
          run: task => runTask(task, { namespace }),
          output: argv => runInGuest(argv, { namespace }),
          writeFile: (path, content) => sandbox.writeFile(path, content, { namespace }),
        });
      } finally {
        await runInGuest(['ip', 'netns', 'del', namespace]);
        await runTask({ is: 'idle' });
      }
    },
    close: async () => {
      await sandbox.close();
      await removeFiles();
    },
  };
}

const networkCommands = [
  'link set lo up',
  'link add eth0 type dummy',
  'link set eth0 up',
  'addr add 10.10.0.11/24 dev eth0',
  'addr add fd00:10:10::11/64 dev eth0 nodad',
];

/** Adds a network namespace with the addresses of a node. */
async function addNode(runInGuest: RunInGuest, namespace: string): Promise<void> {
  await runInGuest(['ip', 'netns', 'add', namespace]);
  await runInGuest(['ip', '-batch', '-'], { input: `${networkCommands.join('\n')}\n`, namespace });
}
