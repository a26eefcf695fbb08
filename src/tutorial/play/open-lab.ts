import { KproxyError } from '../../errors.js';
import type { Lab } from '../lab/lab.js';
import type { Page } from '../page/page.js';
import type { Texts } from '../texts/texts.js';
import { seconds } from './seconds.js';

export interface LabSources {
  readonly openLab: () => Promise<Lab>;
  readonly openRecordedLab: () => Promise<Lab>;
}

/** Opens the machines. Where no kernel can run, says what is missing, and opens recorded answers in their place. */
export async function openLabOrRecording(
  { openLab, openRecordedLab }: LabSources,
  isRecorded: boolean,
  { page, texts }: { readonly page: Page; readonly texts: Texts },
): Promise<Lab> {
  const lab = isRecorded ? undefined : await openReal(openLab, page, texts);
  if (lab !== undefined) return lab;
  const recorded = await openRecordedLab();
  page.line('recorded', texts.recorded.begins);
  return recorded;
}

async function openReal(openLab: () => Promise<Lab>, page: Page, texts: Texts): Promise<Lab | undefined> {
  const start = performance.now();
  page.line('note', texts.start.preparing);
  try {
    const lab = await openLab();
    page.line('note', texts.start.ready({ release: lab.release, seconds: seconds(performance.now() - start) }));
    return lab;
  } catch (error) {
    if (!(error instanceof KproxyError) || !meansNoKernel.has(error.code)) throw error;
    page.line('error', error.message);
    for (const line of restOf(error)) page.line('note', line);
    return undefined;
  }
}

const meansNoKernel: ReadonlySet<string> = new Set(['sandbox-unavailable', 'sandbox-failed']);

const restOf = ({ evidence = '', advice = '' }: KproxyError): readonly string[] =>
  [...evidence.split('\n'), advice].filter(line => line !== '');
