import { visible } from '../../visible.js';
import type { Paragraph } from '../lesson/step.js';
import { commandLines } from './command-lines.js';
import { type Block, gapBetween } from './gaps.js';
import { actLines, stepLines } from './headings.js';
import { keyLines } from './key-lines.js';
import { movedLines } from './movement-lines.js';
import type { KeyLabel, LineMark, Page, PageOptions } from './page.js';
import { pictureInAscii } from './plain-ascii.js';
import { markedProseLines, proseLines } from './prose.js';
import { questionLines } from './question-lines.js';
import { type Style, styleOf } from './style.js';
import { TerminalFilter } from './terminal-filter.js';

/** Prints pages as lines of text: nothing is cleared, and the cursor never moves back. */
export function createPage(options: PageOptions): Page {
  const { write, language, isUnicode } = options;
  const filter = new TerminalFilter(options.colors);
  let previous: Block | undefined;
  /** The rows of the act's and the step's title, and of what follows them up to the keys. */
  let rowsUsed = 0;

  const begin = (block: Block) => {
    // A note may come while a command is in the middle of a line of its output.
    write(block === 'output' ? '' : filter.end());
    write('\n'.repeat(gapBetween(previous, block)));
    previous = block;
  };
  const print = (block: Block, lines: readonly string[]) => {
    const isFresh = previous === 'keys' || block === 'act' || (block === 'step' && previous !== 'act');
    rowsUsed = lines.length + (isFresh ? 0 : rowsUsed + gapBetween(previous, block));
    begin(block);
    write(lines.map(line => `${line}\n`).join(''));
  };
  const style = () => styleOf(options);

  return {
    act: title => print('act', actLines(title, style(), language)),
    step: (number, count, title) => print('step', stepLines(number, count, title, style(), language)),
    paragraphs: paragraphs => {
      for (const each of paragraphs) print('text', paragraphLines(each, style(), isUnicode));
    },
    fitting: (paragraphs, keys) => {
      const heights = paragraphs.map(each => paragraphLines(each, style(), isUnicode).length);
      const used = previous === 'keys' ? 0 : rowsUsed;
      const rows = (options.rows?.() || Number.POSITIVE_INFINITY) - used - footRows(keys, style());
      const count = countFitting(heights, rows);
      return count < heights.length && count > 1 && isIntroduction(paragraphs[count - 1]) ? count - 1 : count;
    },
    command: (on, isRoot, command) => print('command', commandLines(on, isRoot, command, style())),
    output: text => {
      const passed = filter.pass(text);
      if (passed === '') return;
      if (previous !== 'output') begin('output');
      write(passed);
    },
    endOutput: () => write(filter.end()),
    moved: (heading, movements) => print('moved', movedLines(heading, movements, style())),
    line: (mark, text) => print('line', markLines(mark, text, style())),
    question: (ask, choices) => print('question', questionLines(ask, choices, style())),
    keys: keys => print('keys', keyLines(keys, style())),
  };
}

/** Returns the rows of an empty line, the keys and the prompt. */
const footRows = (keys: readonly KeyLabel[], style: Style): number => 1 + keyLines(keys, style).length + 1;

/** Returns how many blocks of these heights fit into the rows, each with an empty line before it. At least one. */
function countFitting(heights: readonly number[], rows: number): number {
  let used = 0;
  const tooMany = heights.findIndex(height => {
    used += 1 + height;
    return used > rows;
  });
  return tooMany < 0 ? heights.length : Math.max(1, tooMany);
}

/** A paragraph that ends with a colon, also a Japanese one, belongs to the one below. */
const isIntroduction = (paragraph: Paragraph | undefined): boolean =>
  typeof paragraph === 'string' && (paragraph.endsWith(':') || paragraph.endsWith('\uff1a'));

const paragraphLines = (paragraph: Paragraph, style: Style, isUnicode: boolean): readonly string[] =>
  typeof paragraph === 'string' ? proseLines(paragraph, style) : pictureLines(paragraph.picture, isUnicode);

const pictureLines = (picture: string, isUnicode: boolean): readonly string[] =>
  (isUnicode ? picture : pictureInAscii(picture))
    .replace(/^\n|\n\s*$/g, '')
    .split('\n')
    .map(line => visible(line).trimEnd());

const markColors = { done: 'green', missing: 'yellow', note: 'cyan', error: 'red', recorded: 'dim' } as const;

const markLines = (mark: LineMark, text: string, style: Style): readonly string[] =>
  markedProseLines(style.symbols.marks[mark], style.paint[markColors[mark]], text, style);
