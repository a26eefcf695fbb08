import type { Paint } from '../../../output/paint.js';
import { widthOf } from '../../../output/width.js';
import { padded, textWidth, wrapped } from '../../../output/wrap.js';
import type { MatrixRow, Outcome } from '../matrix-rows.js';
import { verdictColors } from '../words.js';

const header = ['CLIENT', 'SOURCE', 'VERDICT', 'BACKEND', 'SEES SOURCE'] as const;
const gap = 2;
/** A column of clients that is narrower than this is hard to read. */
const narrowest = 12;

type Cells = readonly [client: string, source: string, verdict: string, backend: string, sees: string];

/** Returns the rows as a table if it fits into the width of a terminal, or else as a paragraph each. */
export function matrixTable(rows: readonly MatrixRow[], paint: Paint): readonly string[] {
  const others = rows.flatMap(row => row.outcomes.map(outcome => cellsOf(row, outcome)));
  const widths = header.map((title, column) => Math.max(...[title, ...others.map(cells => cells[column])].map(length)));
  const [widest = 0, ...fixed] = widths;
  const room = textWidth - fixed.reduce((sum, width) => sum + width + gap, 0);
  const client = Math.min(widest, room);
  if (client < Math.min(widest, narrowest)) return rows.flatMap(row => paragraph(row, paint));
  const lines = [client, ...fixed];
  return [paint.bold(lineOf(header, lines)), ...rows.flatMap(row => tableLines(row, lines, paint))];
}

const length = (text: string | undefined): number => widthOf(text ?? '');

const cellsOf = (row: MatrixRow, outcome: Outcome): Cells => [
  row.client,
  row.source,
  verdictText(row, outcome),
  outcome.backend ?? '-',
  outcome.sees ?? '-',
];

/** The cause is of everything that fails, or of a row that is answered otherwise than it should be. */
function verdictText({ note, outcomes }: MatrixRow, { verdict }: Outcome): string {
  const isExplained = verdict !== 'answered' || verdict === outcomes[0]?.verdict;
  return note === undefined || !isExplained ? verdict : `${verdict} [${note}]`;
}

/** The client and its source are on the first line only, the number of the cause on all lines that it explains. */
function tableLines(row: MatrixRow, widths: readonly number[], paint: Paint): readonly string[] {
  const names = wrapped(row.client, { first: '', rest: '' }, widths[0]);
  const count = Math.max(names.length, row.outcomes.length);
  return Array.from({ length: count }, (_, index) => {
    const outcome = row.outcomes[index];
    const source = index === 0 ? row.source : '';
    if (outcome === undefined) return lineOf([names[index] ?? '', source], widths);
    const [, , verdict, backend, sees] = cellsOf(row, outcome);
    const color = paint[verdictColors[outcome.verdict]];
    return lineOf([names[index] ?? '', source, verdict, backend, sees], widths, (cell, column) =>
      column === 2 ? color(cell) : cell,
    );
  });
}

const asItIs = (cell: string): string => cell;

function lineOf(
  cells: readonly string[],
  widths: readonly number[],
  paintCell: (cell: string, column: number) => string = asItIs,
): string {
  const last = cells.findLastIndex(cell => cell !== '');
  return cells
    .slice(0, last + 1)
    .map((cell, column) => paintCell(cell, column) + (column === last ? '' : blanks(cell, widths[column])))
    .join('');
}

const blanks = (cell: string, width = 0): string => ' '.repeat(Math.max(0, width - widthOf(cell)) + gap);

/** For addresses that are too long for columns. */
function paragraph(row: MatrixRow, paint: Paint): readonly string[] {
  const title = row.source === '-' ? row.client : `${row.client}, ${row.source}`;
  return [
    ...wrapped(title, { first: '', rest: '  ' }),
    ...row.outcomes.flatMap(outcome => {
      const verdict = padded(verdictText(row, outcome), 'unanswered [1]'.length);
      const text = outcome.backend === undefined ? '' : backendText(outcome.backend, outcome.sees);
      const [first = '', ...more] = wrapped(`${text}`, { first: `  ${verdict} `, rest: '    ' });
      const colored = first.replace(verdict.trimEnd(), paint[verdictColors[outcome.verdict]](verdict.trimEnd()));
      return [colored, ...more];
    }),
  ];
}

const backendText = (backend: string, sees: string | undefined): string =>
  sees === undefined ? backend : `${backend} sees ${sees}`;
