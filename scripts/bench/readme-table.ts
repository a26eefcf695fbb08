import { type Figure, figureText } from '../shared/figures.js';

/** A run of the benchmark: the machine and its figures. */
export interface BenchmarkRun {
  readonly machine: { readonly processors: number; readonly model: string; readonly node: string };
  readonly figures: readonly Figure[];
}

interface Row {
  readonly title: string;
  /** The name of the figure. */
  readonly figure: string;
  /** What the ratio compares with, in the words of the cell. */
  readonly comparedWith?: string;
}

/** The rows of the README's table. */
const rows: readonly Row[] = [
  {
    title: 'first sync, and reading it back',
    figure: 'cold sync, read-back included',
    comparedWith: 'the bare tools with prepared files',
  },
  { title: 'sync with nothing to do', figure: 'no-op sync', comparedWith: 'the bare tools reading, and `JSON.parse`' },
  {
    title: 'a program in Node that starts the same tools, parses the same list, and compares nothing',
    figure: '  node that starts these tools, parses the List, and does no more',
    comparedWith: 'the same',
  },
  { title: "one change in `--watch`, from the API server's event to the kernel", figure: 'one change in watch' },
  {
    title: 'memory of `--watch`, with its kubectl, at most',
    figure: 'memory: watch with kubectl, first sync and changes',
  },
  { title: 'memory of a first sync, with kubectl, at most', figure: 'memory: cold sync through kubectl' },
  { title: 'kube-proxy 1.37, ipvs mode: first sync', figure: 'kube-proxy, first sync', comparedWith: "kproxy's" },
  { title: 'kube-proxy 1.37, ipvs mode: one change', figure: 'kube-proxy, one change', comparedWith: "kproxy's" },
];

const sizes = ['1000x5', '10000x2'] as const;
const sizeTitles = { '1000x5': '1,000 × 5', '10000x2': '10,000 × 2' } as const;

/** Returns the README's table, with a column for each size. The cell of a figure that was not measured stays empty. */
export function readmeTable({ figures }: BenchmarkRun): string {
  const cell = (row: Row, size: string): string => {
    const match = figures.find(figure => figure.name === row.figure && figure.size === size);
    return match === undefined ? '' : cellText(match, row);
  };
  return [
    `| Services × endpoints | ${sizes.map(size => sizeTitles[size]).join(' | ')} |`,
    `| --- | ${sizes.map(() => '---').join(' | ')} |`,
    ...rows.map(row => `| ${row.title} | ${sizes.map(size => cell(row, size)).join(' | ')} |`),
  ].join('\n');
}

function cellText(figure: Figure, { comparedWith }: Row): string {
  const { ratio } = figure;
  const amount = figureText(figure);
  if (comparedWith === undefined || ratio === undefined) return amount;
  return `${amount}: ${ratio.toFixed(ratio < 10 ? 1 : 0)} × ${comparedWith}`;
}

/** Returns the words above the table that name the machine. */
export function machineText({ machine }: BenchmarkRun): string {
  const model = machine.model.replace(/\s+/g, ' ').replace(' Processor', '');
  return `${machine.processors} processors (${model}), Node ${machine.node}`;
}
