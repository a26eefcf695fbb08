import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

export interface Recording {
  /** Path of the file beside the benchmark that keeps the run. */
  readonly file: string;
  readonly run: unknown;
  /** The words of the README's marks, `<!-- MARK -->` and `<!-- end of MARK -->`. */
  readonly mark: string;
  /** The paragraphs between the marks. */
  readonly paragraphs: readonly string[];
}

/** Writes a run to a file beside the benchmark and into the README, between its marks. A test compares the two. */
export async function recordRun({ file, run, mark, paragraphs }: Recording): Promise<void> {
  await writeFile(file, `${JSON.stringify(run, null, 2)}\n`);
  await writeFile('README.md', withSection(await readFile('README.md', 'utf8'), mark, paragraphs));
  await promisify(execFile)('node_modules/.bin/biome', ['format', '--write', 'README.md', file]);
}

/**
 * Returns the text with other paragraphs between its marks.
 * @throws Error if it has no such marks
 */
export function withSection(text: string, mark: string, paragraphs: readonly string[]): string {
  const [start, end] = [`<!-- ${mark} -->`, `<!-- end of ${mark} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`README.md: no ${start} before ${end}`);
  return `${text.slice(0, from)}${[start, ...paragraphs.map(wrapped), end].join('\n\n')}${text.slice(to + end.length)}`;
}

const lineWidth = 120;

/** Breaks a paragraph into lines as long as those of the README. Leaves a table as it is. */
const wrapped = (paragraph: string): string =>
  paragraph.startsWith('|')
    ? paragraph
    : paragraph.replace(new RegExp(`(.{1,${lineWidth}})(?: |$)`, 'g'), '$1\n').trim();
