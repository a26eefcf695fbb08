import { type Budget, type Figure, isDisturbed, verdictOf } from './figures.js';

const columns = ['size', 'what', 'figure', 'against', 'ratio', 'budget', ''] as const;

/** Returns the figures as an aligned table, with notes below it. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = [columns, ...figures.map(cellsOf)];
  const widths = columns.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  const lines = rows.map(row => row.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join('  '));
  return [...lines.map(line => line.trimEnd()), '', ...notesOf(figures)].join('\n');
}

/** Returns one figure as a line of progress. */
export const lineOf = (figure: Figure): string => cellsOf(figure).filter(Boolean).join('  ');

const isText = (column: number): boolean => column < 2 || column > 4;
const pad = (cell: string, width: number, column: number): string =>
  isText(column) ? cell.padEnd(width) : cell.padStart(width);

const cellsOf = (figure: Figure): readonly string[] => [
  figure.size,
  figure.name + (figure.runs !== undefined && isDisturbed(figure.runs) ? ' (disturbed)' : ''),
  valueText(figure.value, figure.unit),
  figure.against === undefined ? '' : valueText(figure.against.value, figure.unit),
  figure.ratio === undefined ? '' : figure.ratio.toFixed(2),
  figure.budget === undefined ? '' : budgetText(figure.budget, figure.unit),
  verdictOf(figure),
];

const valueText = (value: number, unit: Figure['unit']): string =>
  unit === 'processes' ? String(value) : `${value.toFixed(value < 100 ? 1 : 0)} ${unit}`;

const budgetText = ({ of, limit, is }: Budget, unit: Figure['unit']): string =>
  `${is === 'most' ? '≤' : '≥'} ${limit}${of === 'ratio' ? ' ×' : ` ${unit}`}`;

/** Returns what each figure is compared with, its runs and its note. */
const notesOf = (figures: readonly Figure[]): readonly string[] =>
  figures.flatMap(figure => {
    const parts = [againstText(figure), runsText(figure), figure.note].filter(part => part !== undefined);
    const title = [figure.size, figure.name.trim()].filter(Boolean).join(' ');
    return parts.length === 0 ? [] : [`${title}: ${parts.join('; ')}`];
  });

const againstText = ({ against }: Figure): string | undefined => against && `against ${against.name}`;

function runsText({ runs, unit }: Figure): string | undefined {
  if (runs === undefined || runs.count < 2) return undefined;
  const times = [runs.least, runs.median, runs.most].map(time => time.toFixed(1));
  return `${runs.count} runs: ${times.join(' / ')} ${unit}`;
}
