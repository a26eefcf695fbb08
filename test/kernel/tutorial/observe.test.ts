import { expect, test } from 'vitest';
import { kernelAnswerOf } from '../../../src/tutorial/observe/kernel-answer.js';
import { moments, movedOnInajob, reviewed, transcriptOf } from '../../tutorial/observe/support/moments.js';
import { useNetwork } from '../support/guest.js';
import { readWorker } from './support/worker-texts.js';

const sandbox = useNetwork();
const isKproxys = (command: string) => command.startsWith('kproxy ');
/** How many packets and connections there are depends on repeated packets. */
const withoutNumbers = (text: string) => text.replace(/\d+ (packet|connection)s?/g, 'some $1s');

test('a live kernel moves as the recorded one after the same commands', async () => {
  const replayed = moments.slice(1).filter(({ command }) => !isKproxys(command));
  const transcript: string[] = [];
  let before = kernelAnswerOf(await readWorker(sandbox(), 'inajob'));
  for (const { on, command } of replayed) {
    await sandbox().run(['sh', '-c', command], { namespace: on });
    const after = kernelAnswerOf(await readWorker(sandbox(), 'inajob'));
    transcript.push(transcriptOf(on, command, movedOnInajob(before, after)));
    before = after;
  }
  const expected = reviewed.slice(0, reviewed.indexOf('$ kproxy '));
  expect(withoutNumbers(transcript.join(''))).toBe(withoutNumbers(expected));
});
