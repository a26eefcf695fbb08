import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from '../shared/figures.js';
import { figuresOf, report } from '../shared/progress.js';
import { type Size, sizeText } from './cluster.js';
import { type Laboratory, openLaboratory } from './laboratory.js';
import type { FullOptions } from './options.js';
import { measureColdSync } from './rows/cold.js';
import { measureExplain } from './rows/explain.js';
import { measureKubeProxy } from './rows/kube-proxy.js';
import { measureMemory } from './rows/memory.js';
import { measureNoOpSync } from './rows/no-op.js';
import { measureProcesses } from './rows/processes.js';
import { measureStartUp } from './rows/start-up.js';
import { measureWatch } from './rows/watch.js';

const cache = process.env.KPROXY_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'kproxy');
const kubernetes = join(cache, 'kubernetes-v1.37.2');
const hasProgram = (name: string): boolean => existsSync(join(kubernetes, name));

/** Measures kproxy at several sizes. */
export async function measureAll(options: FullOptions): Promise<readonly Figure[]> {
  const laboratory = await openLaboratory(process.cwd(), existsSync(kubernetes) ? [kubernetes] : []);
  try {
    if (hasProgram('kubectl')) await laboratory.addPrograms(kubernetes, ['kubectl']);
    else
      report('kubectl is missing: nothing is measured through it. Build it with scripts/build-kubernetes.sh kubectl.');
    return await measureIn(laboratory, options);
  } finally {
    await laboratory.close();
  }
}

async function measureIn(laboratory: Laboratory, options: FullOptions): Promise<readonly Figure[]> {
  const { rows, sizes, withKubeProxy } = options;
  const figures: Figure[] = [];
  if (rows.has('start-up')) figures.push(...(await figuresOf('start-up', () => measureStartUp(laboratory))));
  for (const size of sizes) figures.push(...(await measureSize(laboratory, size, options, figures)));
  const [first] = sizes;
  if (withKubeProxy && first !== undefined) {
    const program = join(kubernetes, 'kube-proxy');
    figures.push(...(await figuresOf('kube-proxy', () => measureKubeProxy(laboratory, first, program, figures))));
  }
  return figures;
}

/** @param earlier the figures of smaller sizes, with which those of watch are compared */
async function measureSize(
  laboratory: Laboratory,
  size: Size,
  { rows }: FullOptions,
  earlier: readonly Figure[],
): Promise<readonly Figure[]> {
  const hasKubectl = hasProgram('kubectl');
  const measurements = {
    cold: () => measureColdSync(laboratory, size),
    'no-op': () => measureNoOpSync(laboratory, size),
    watch: () => measureWatch(laboratory, size, hasKubectl, earlier),
    processes: () => measureProcesses(laboratory, size),
    memory: () => measureMemory(laboratory, size, hasKubectl),
    explain: () => measureExplain(laboratory, size),
  } as const;
  const figures: Figure[] = [];
  for (const [name, measure] of Object.entries(measurements))
    if (rows.has(name as keyof typeof measurements))
      figures.push(...(await figuresOf(`${sizeText(size)}: ${name}`, measure)));
  return figures;
}
