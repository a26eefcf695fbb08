import type { Figure } from '../shared/figures.js';
import { figuresOf } from '../shared/progress.js';
import { openLaboratory } from './laboratory.js';
import type { QuickOptions } from './options.js';
import { measureLesson } from './rows/lesson.js';
import { measureLessonProcesses } from './rows/lesson-processes.js';
import { measureStartUp } from './rows/start-up.js';
import { measureTests } from './rows/tests.js';

/** Measures what kproxy costs by itself: start-up, the processes of a sync, the lesson, and the time of all tests. */
export async function measureQuickly({ withTests }: QuickOptions): Promise<readonly Figure[]> {
  return [
    ...(await figuresOf('start-up', startUpInSandbox)),
    ...(await figuresOf('processes', measureLessonProcesses)),
    ...(withTests ? await figuresOf('lesson', () => measureLesson(process.cwd())) : []),
    ...(withTests ? await figuresOf('tests', measureTests) : []),
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
