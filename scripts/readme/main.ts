// Runs the commands of the README's transcripts, plays the lesson, and writes the output of both into the README.
// Started by scripts/readme.sh.
import { readFile, writeFile } from 'node:fs/promises';
import { openStage } from '../shared/stage.js';
import { renewLessonSteps } from './lesson-steps.js';
import { playLesson } from './play-lesson.js';
import { renewTranscripts } from './transcripts.js';

const path = 'README.md';
const text = renewLessonSteps(await readFile(path, 'utf8'), await playLesson());
const stage = await openStage();

/** Returns the output of a command. @throws Error if it fails, so that the README never gets a broken transcript */
async function outputOf(machine: string, line: string): Promise<string> {
  const { exitCode, stdout } = await stage.run(machine, line);
  if (exitCode !== 0)
    throw new Error(`${machine}$ ${line}\n${stdout}ended with ${exitCode}; the README stays as it is`);
  return stdout;
}

try {
  await writeFile(path, await renewTranscripts(text, outputOf));
} finally {
  await stage.close();
}
