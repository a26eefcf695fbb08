import { rmSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSandbox } from '../../src/sandbox/open-sandbox.js';
import type { CommandOptions, Sandbox } from '../../src/sandbox/sandbox.js';
import { type Size, sizeText } from './cluster.js';
import type { Task } from './guest/task.js';
import { type Preparation, prepareFiles } from './prepared-files.js';

/** A sandbox for measuring, in which nodes come and go. */
export interface Laboratory {
  /** Where the program and the files lie in the guest. */
  readonly folder: string;
  /** Puts a size's files into the guest, once. */
  prepare(size: Size): Promise<Preparation>;
  /** Makes programs of a folder known by their names. */
  addPrograms(folder: string, names: readonly string[]): Promise<void>;
  /** Gives the work a node that has nothing on it, and waits afterwards until nothing is left of it. */
  onNewNode<Result>(work: (node: LaboratoryNode) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export interface LaboratoryNode {
  /** Measures on the node. */
  run<Result>(task: Task): Promise<Result>;
  /** Runs a command there that has to succeed. */
  output(argv: readonly string[]): Promise<string>;
  writeFile(path: string, content: string): Promise<void>;
}

const memoryMegabytes = 3072;
const longestTask = 1_800_000;

/**
 * @param project the project's folder, with `dist` and `.build` built: copies are measured, so that nobody who builds meanwhile is in the way
 * @param programs further folders that the guest has to see
 */
export async function openLaboratory(project: string, programs: readonly string[]): Promise<Laboratory> {
  const host = await mkdtemp(join(tmpdir(), 'kproxy-bench-'));
  await cp(join(project, 'dist'), join(host, 'kproxy'), { recursive: true });
  await cp(join(project, '.build'), join(host, 'guest'), { recursive: true });
  const removeFiles = () => rm(host, { recursive: true, force: true });
  // However the benchmark ends, it leaves nothing behind; the sandbox sees to that itself.
  process.once('exit', () => rmSync(host, { recursive: true, force: true }));
  try {
    const sandbox = await openSandbox({ memoryMegabytes, visibleFolders: [host, ...programs] });
    return await laboratoryIn(sandbox, host, removeFiles);
  } catch (error) {
    await removeFiles();
    throw error;
  }
}

async function laboratoryIn(sandbox: Sandbox, host: string, removeFiles: () => Promise<void>): Promise<Laboratory> {
  const folder = '/run/bench';
  const output = async (argv: readonly string[], options: CommandOptions = {}): Promise<string> => {
    const { exitCode, stdout, stderr } = await sandbox.run(argv, { timeoutMilliseconds: longestTask, ...options });
    if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with ${exitCode}: ${stderr.trim()}`);
    return stdout;
  };
  const run = async (task: Task, namespace?: string) => {
    await sandbox.writeFile('/tmp/bench-task.json', JSON.stringify(task));
    const program = `${folder}/guest/bench-guest.js`;
    return JSON.parse(
      await output([process.execPath, program, '/tmp/bench-task.json'], namespace === undefined ? {} : { namespace }),
    );
  };
  const copy = (name: string) => output(['cp', '-R', join(host, name), folder]);
  // Files of the host are slow to read; nothing of that is to be measured.
  await output(['mkdir', '-p', folder]);
  await copy('kproxy');
  await copy('guest');
  await output(['modprobe', 'ip_vs']);
  const prepared = new Map<string, Preparation>();
  let nodes = 0;
  return {
    folder,
    prepare: async size => {
      const known = prepared.get(sizeText(size));
      if (known !== undefined) return known;
      const preparation = await prepareFiles(host, size);
      await copy(sizeText(size));
      prepared.set(sizeText(size), preparation);
      return preparation;
    },
    addPrograms: async (from, names) => {
      for (const name of names) await output(['ln', '-sf', join(from, name), '/run/kproxy/bin/']);
    },
    onNewNode: async work => {
      nodes += 1;
      const namespace = `node-${nodes}`;
      await newNode(output, namespace);
      try {
        return await work({
          run: task => run(task, namespace),
          output: argv => output(argv, { namespace }),
          writeFile: (path, content) => sandbox.writeFile(path, content, { namespace }),
        });
      } finally {
        await output(['ip', 'netns', 'del', namespace]);
        await run({ is: 'idle' });
      }
    },
    close: async () => {
      await sandbox.close();
      await removeFiles();
    },
  };
}

const commands = [
  'link set lo up',
  'link add eth0 type dummy',
  'link set eth0 up',
  'addr add 10.10.0.11/24 dev eth0',
  'addr add fd00:10:10::11/64 dev eth0 nodad',
];

async function newNode(
  output: (argv: readonly string[], options?: CommandOptions) => Promise<string>,
  namespace: string,
): Promise<void> {
  await output(['ip', 'netns', 'add', namespace]);
  await output(['ip', '-batch', '-'], { input: `${commands.join('\n')}\n`, namespace });
}
