import { readFile } from 'node:fs/promises';
import { lessonFile } from '../program-folder.js';
import type { Recording } from './recording.js';

/** Reads the recording that belongs to this program. */
export const readRecording = async (): Promise<Recording> =>
  JSON.parse(await readFile(lessonFile('recorded/answers.json'), 'utf8'));

/** Returns a recording as JSON with a line for each answer, so that differences of two versions can be read. */
export const recordingText = ({ answers, ...start }: Recording): string =>
  [
    JSON.stringify(start, null, 1).replace(/\n\}$/, ','),
    ' "answers": [',
    answers.map(answer => `  ${JSON.stringify(answer)}`).join(',\n'),
    ' ]',
    '}\n',
  ].join('\n');
