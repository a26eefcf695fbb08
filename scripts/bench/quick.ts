import type { Figure } from './figures.js';
import { openLaboratory } from './laboratory.js';
import type { QuickOptions } from './options.js';
import { figuresOf } from './progress.js';
import { measureDemoProcesses } from './rows/demo-processes.js';
import { measureScripts } from './rows/scripts.js';
import { measureStartUp } from './rows/start-up.js';

/** Measures what kproxy costs by itself: start-up, the processes of a sync, and the time of demo and tests. */
export async function measureQuickly({ withTests }: QuickOptions): Promise<readonly Figure[]> {
  return [
    ...(await figuresOf('start-up', startUpInSandbox)),
    ...(await figuresOf('processes', measureDemoProcesses)),
    ...(withTests ? await figuresOf('demo and tests', measureScripts) : []),
  ];
}

async function startUpInSandbox(): Promise<readonly Figure[]> {
  const laboratory = await openLaboratory(process.cwd(), []);
  try {
    return await measureStartUp(laboratory);
  } finally {
    await laboratory.close();
  }
}
