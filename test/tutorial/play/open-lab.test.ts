import { expect, test } from 'vitest';
import { KproxyError } from '../../../src/errors.js';
import { missingOnHost } from '../../../src/tutorial/lab/requirements.js';
import { openLabOrRecording } from '../../../src/tutorial/play/open-lab.js';
import { texts } from '../../../src/tutorial/texts/index.js';
import { fakeLab } from './support/fake-lab.js';
import { fakePage } from './support/fake-page.js';

const withoutKernel = missingOnHost({ platform: 'darwin', processor: 'arm64', has: () => false });

/** Opens a lab where the real one fails. Returns what the learner reads. */
async function opened(error: unknown): Promise<readonly string[]> {
  const lines: string[] = [];
  const openRecordedLab = async () => fakeLab();
  const openLab = () => Promise.reject(error);
  await openLabOrRecording({ openLab, openRecordedLab }, false, { page: fakePage(lines), texts: texts.en });
  return lines;
}

test('without a kernel the learner reads what is missing and what to do, and answers are recorded', async () => {
  const { message = '', evidence = '', advice = '' } = withoutKernel ?? {};
  expect(await opened(withoutKernel)).toEqual([
    `note: ${texts.en.start.preparing}`,
    `error: ${message}`,
    `note: ${evidence}`,
    `note: ${advice}`,
    `recorded: ${texts.en.recorded.begins}`,
  ]);
});

test('an error that says nothing about the kernel ends the lesson', async () => {
  const error = new KproxyError({ code: 'option-invalid', message: 'no' });
  await expect(opened(error)).rejects.toBe(error);
});
