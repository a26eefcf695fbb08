// Runs the commands of the README's transcripts and writes their output into it. Started by scripts/readme.sh.
import { readFile, writeFile } from 'node:fs/promises';
import { openStage } from '../demo/stage.js';
import { renewTranscripts } from './transcripts.js';

const stage = await openStage({ project: process.cwd() });
try {
  const text = await readFile('README.md', 'utf8');
  await writeFile('README.md', await renewTranscripts(text, async (on, line) => (await stage.run(on, line)).stdout));
} finally {
  await stage.close();
}
