import { type Figure, figureText } from '../shared/figures.js';
import type { BenchmarkRun } from './readme-table.js';

interface Row {
  readonly title: string;
  readonly figure: string;
  readonly size: string;
}

/** What may differ between versions of Node: what V8 compiles, collects and starts. */
const rows: readonly Row[] = [
  { title: '`kproxy --version`', figure: 'start-up: kproxy --version', size: '' },
  { title: '`kproxy sync --help`', figure: 'start-up: kproxy sync --help', size: '' },
  { title: 'first sync of 1,000 × 5', figure: 'cold sync, read-back included', size: '1000x5' },
  { title: 'first sync of 10,000 × 2', figure: 'cold sync, read-back included', size: '10000x2' },
  { title: 'nothing to do, 1,000 × 5', figure: 'no-op sync', size: '1000x5' },
  { title: 'nothing to do, 10,000 × 2', figure: 'no-op sync', size: '10000x2' },
  { title: 'one change in `--watch`, 1,000 × 5', figure: 'one change in watch', size: '1000x5' },
  {
    title: 'memory of `--watch`, 1,000 × 5',
    figure: 'memory: watch with kubectl, first sync and changes',
    size: '1000x5',
  },
];

/** The figures that are ratios to what takes the same Node to start. */
const isRatio = ({ figure }: Row): boolean => !figure.startsWith('one change') && !figure.startsWith('memory');

/** Returns the README's table: a column for each version of Node, and the rows that were measured on all of them. */
export function nodeTable(runs: readonly BenchmarkRun[]): string {
  const cell = (row: Row, { figures }: BenchmarkRun): string => {
    const found = figures.find(({ name, size }) => name === row.figure && size === row.size);
    return found === undefined ? '' : cellText(row, found);
  };
  return [
    `| | ${runs.map(({ machine }) => `Node ${machine.node}`).join(' | ')} |`,
    `| --- | ${runs.map(() => '---').join(' | ')} |`,
    ...rows
      .filter(row => runs.every(run => cell(row, run) !== ''))
      .map(row => `| ${row.title} | ${runs.map(run => cell(row, run)).join(' | ')} |`),
  ].join('\n');
}

const cellText = (row: Row, figure: Figure): string =>
  isRatio(row) && figure.ratio !== undefined ? `${figure.ratio.toFixed(2)} ×` : figureText(figure);
