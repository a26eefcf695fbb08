// Runs the commands of the README's transcripts and writes their output into it. Started by scripts/readme.sh.
import { readFile, writeFile } from 'node:fs/promises';
import { openStage } from '../demo/stage.js';
import { renewTranscripts } from './transcripts.js';

const stage = await openStage({ project: process.cwd() });

/** Returns the output of a command. @throws Error if it fails, so that the README never gets a broken transcript */
async function outputOf(machine: string, line: string): Promise<string> {
  const { exitCode, stdout } = await stage.run(machine, line);
  if (exitCode !== 0)
    throw new Error(`${machine}$ ${line}\n${stdout}ended with ${exitCode}; the README stays as it is`);
  return stdout;
}

try {
  const text = await readFile('README.md', 'utf8');
  await writeFile('README.md', await renewTranscripts(text, outputOf));
} finally {
  await stage.close();
}
