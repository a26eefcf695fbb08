// Plays the lesson on its kernel and writes the answers to src/tutorial/recorded/answers.json. Started by
// scripts/record-lesson.sh.
import { writeFile } from 'node:fs/promises';
import { reportError } from '../../src/cli/report.js';
import { openLab } from '../../src/tutorial/lab/open-lab.js';
import { recordingText } from '../../src/tutorial/lab/recorded/read-recording.js';
import { recordLesson } from '../../src/tutorial/lab/recorded/record-lesson.js';
import { acts } from '../../src/tutorial/lesson/index.js';

const path = 'src/tutorial/recorded/answers.json';

async function record(): Promise<number> {
  const lab = await openLab();
  try {
    const recording = await recordLesson(lab, acts);
    await writeFile(path, recordingText(recording));
    process.stdout.write(`${path}: ${recording.answers.length} answers\n`);
    return 0;
  } finally {
    await lab.close();
  }
}

process.exitCode = await record().catch(reportError);
